#include "compare/difference_regions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include "compare/band_profile.hpp"
#include "relax_spectro/base/threshold.hpp"
#include "results/mask_cells.hpp"
#include "results/region.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kFewestBins = 25;
constexpr double kExtraWeight = 0.3;

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double spread_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

/// The value that this share of the values is below.
double quantile_of(std::vector<double> values, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, values.begin() + place);
  return values[static_cast<std::size_t>(place)];
}

/// The level that a tenth of a recording's bins are below.
double floor_of(const Spectrogram& spectrogram) {
  const std::vector<float>& values = spectrogram.values.values;
  return quantile_of({values.begin(), values.end()}, 0.1);
}

/// The difference times a sign, where it is above 0. NaN counts as 0.
Array2d<double> positive_part(const PairedMaps& maps, double sign) {
  Array2d<double> part(maps.a.rows, maps.a.columns);
  for (std::size_t i = 0; i < part.values.size(); ++i) {
    const double difference = sign * (maps.b.values[i] - maps.a.values[i]);
    if (difference > 0.0) part.values[i] = difference;
  }
  return part;
}

DifferenceRegion measured(const PairedMaps& maps, const std::vector<std::size_t>& bins) {
  const std::size_t columns = maps.a.columns;
  const auto [low, high] = std::ranges::minmax(bins);
  const auto [first, last] =
      std::ranges::minmax(bins, {}, [columns](std::size_t bin) { return bin % columns; });
  DifferenceRegion region;
  region.bins = bins.size();
  for (const std::size_t bin : bins) {
    if (std::isnan(maps.a.values[bin])) continue;
    region.a += maps.a.values[bin];
    region.b += maps.b.values[bin];
  }
  region.share =
      static_cast<double>(bins.size()) / (2.0 * static_cast<double>(maps.a.values.size()));
  region.a /= static_cast<double>(bins.size());
  region.b /= static_cast<double>(bins.size());
  region.box = rounded(box_around(maps.axes, {low / columns, high / columns + 1},
                                  {first % columns, last % columns + 1}));
  return region;
}

}  // namespace

std::vector<double> describe_region(const Spectrogram& spectrogram, double floor,
                                    const std::vector<std::size_t>& bins) {
  const std::size_t columns = spectrogram.values.columns;
  const std::vector<std::size_t> edges = profile_edges(spectrogram.values.rows);
  std::vector<double> bands(kProfileBands, 0.0);
  std::vector<double> counts(kProfileBands, 0.0);
  std::vector<double> levels(columns, 0.0);
  std::vector<double> heights(columns, 0.0);
  for (const std::size_t bin : bins) {
    const auto above = std::ranges::upper_bound(edges, bin / columns);
    const auto band = static_cast<std::size_t>(above - edges.begin()) - 1;
    const double level = std::max(0.0, static_cast<double>(spectrogram.values.values[bin]) - floor);
    bands[band] += level;
    counts[band] += 1.0;
    levels[bin % columns] += level;
    heights[bin % columns] += 1.0;
  }
  std::vector<double> inside;  // of the region's bands
  double squares = 0.0;
  for (std::size_t b = 0; b < kProfileBands; ++b) {
    if (counts[b] == 0.0) continue;
    bands[b] /= counts[b];
    squares += bands[b] * bands[b];
    inside.push_back(bands[b]);
  }
  std::vector<double> over_time;
  for (std::size_t t = 0; t < columns; ++t) {
    if (heights[t] > 0.0) over_time.push_back(levels[t] / heights[t]);
  }
  const double mean = std::max(mean_of(inside), 1e-12);
  for (double& band : bands) band /= std::max(std::sqrt(squares), 1e-12);
  const double frame_s = columns > 1 ? (spectrogram.time_s.back() - spectrogram.time_s.front()) /
                                           static_cast<double>(columns - 1)
                                     : 1.0;
  for (const double extra :
       {spread_of(inside) / mean, (quantile_of(inside, 0.95) - quantile_of(inside, 0.5)) / mean,
        spread_of(over_time) / mean, std::log(frame_s * static_cast<double>(over_time.size()))}) {
    bands.push_back(kExtraWeight * extra);
  }
  return bands;
}

std::vector<DifferenceRegion> difference_regions(const std::array<PairedMaps, 2>& halves,
                                                 std::size_t recording) {
  const double floor = floor_of(halves[0].axes);
  std::vector<DifferenceRegion> regions;
  for (const std::size_t half : {0U, 1U}) {
    const std::vector<std::optional<std::size_t>> one_class(halves[half].a.columns);
    for (const double sign : {-1.0, 1.0}) {
      Array2d<double> part = positive_part(halves[half], sign);
      const double threshold = threshold_of(part.values, ThresholdKind::otsu);
      // Half of the peak of a region is more than this. Bins below need not be sorted.
      std::ranges::replace_if(
          part.values, [threshold](double value) { return value < threshold / 2.0; }, 0.0);
      for (const auto& bins : bins_around_peaks(part, one_class)) {
        if (part.values[bins.front()] <= threshold || bins.size() < kFewestBins) continue;
        DifferenceRegion region = measured(halves[1 - half], bins);
        region.recording = recording;
        region.more_b = sign > 0.0;
        region.description = describe_region(halves[half].axes, floor, bins);
        regions.push_back(std::move(region));
      }
    }
  }
  // The order does not say which model is a.
  std::ranges::stable_sort(regions, {}, [](const DifferenceRegion& region) {
    return std::tuple(region.box.begin_s, region.box.low_hz, region.box.end_s, region.box.high_hz,
                      std::abs(region.b - region.a));
  });
  return regions;
}

}  // namespace relax_spectro
