#include "compare/band_profile.hpp"

#include <algorithm>
#include <cmath>

#include "results/mask_cells.hpp"

namespace relax_spectro {

std::vector<std::size_t> profile_edges(std::size_t bins) {
  const std::size_t bands = std::min(bins, kProfileBands);
  std::vector<std::size_t> edges;
  for (std::size_t b = 0; b <= bands; ++b) edges.push_back(b * bins / bands);
  return edges;
}

std::vector<FrequencyRange> profile_bands(const Spectrogram& axes) {
  const std::vector<std::size_t> edges = profile_edges(axes.frequency_hz.size());
  std::vector<FrequencyRange> bands;
  for (std::size_t b = 0; b + 1 < edges.size(); ++b) {
    const TimeFrequencyBox box =
        box_around(axes, {edges[b], edges[b + 1]}, {0, axes.time_s.size()});
    bands.push_back({box.low_hz, box.high_hz});
  }
  return bands;
}

std::vector<double> band_means(const Array2d<double>& map) {
  const std::vector<std::size_t> edges = profile_edges(map.rows);
  std::vector<double> means;
  double all = 0.0;
  double all_count = 0.0;
  for (std::size_t b = 0; b + 1 < edges.size(); ++b) {
    double sum = 0.0;
    double count = 0.0;
    for (std::size_t row = edges[b]; row < edges[b + 1]; ++row) {
      for (const double value : map.row(row)) {
        if (std::isnan(value)) continue;
        sum += value;
        count += 1.0;
      }
    }
    means.push_back(count > 0.0 ? sum / count : 0.0);
    all += sum;
    all_count += count;
  }
  means.push_back(all_count > 0.0 ? all / all_count : 0.0);
  return means;
}

}  // namespace relax_spectro
