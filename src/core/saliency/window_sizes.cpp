#include "saliency/window_sizes.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace relax_spectro::core {
namespace {

/// The fewest and the most bins that a window masks along an axis.
BinRange extremes(const AxisLaw& law) {
  BinRange extremes{law.bins, 0};
  for (std::size_t position = 0; position < law.shifts; ++position) {
    const std::size_t size = window_at(law, position).size();
    extremes.begin = std::min(extremes.begin, size);
    extremes.end = std::max(extremes.end, size);
  }
  return extremes;
}

/// The edges of bands: halfway between centres, and the ends of the covered range.
double band_edge_hz(const MaskAxes& axes, std::size_t band) {
  if (band == 0) return axes.low_hz;
  if (band == axes.bins.rows) return axes.high_hz;
  return (axes.frequency_hz[band - 1] + axes.frequency_hz[band]) / 2.0;
}

TimeFrequencyBox box_of(const Explanation& sweep, const MaskLaw& law, const MaskAxes& axes,
                        std::size_t window, std::size_t mask) {
  const std::size_t columns = law.time.shifts;
  const BinRange bands = window_at(law.frequency, mask / columns);
  const BinRange frames = window_at(law.time, mask % columns);
  const std::size_t begin = sweep.windows[window].frames.begin;
  const std::vector<double>& time_s = sweep.spectrogram.time_s;
  return {std::max(0.0, time_s[begin + frames.begin] - axes.frame_s / 2.0),
          time_s[begin + frames.end - 1] + axes.frame_s / 2.0, band_edge_hz(axes, bands.begin),
          band_edge_hz(axes, bands.end)};
}

double largest_drop(const Explanation& sweep) {
  return sweep.sizes[sweep.steepest_size].largest_drop;
}

}  // namespace

SizeSummary summarise_size(const Explanation& sweep, const MaskSet& set, const MaskAxes& axes) {
  SizeSummary summary;
  summary.window = set.window->size;
  summary.stride = resolved_stride(*set.window, axes);
  const BinRange rows = extremes(set.law.frequency);
  const BinRange columns = extremes(set.law.time);
  summary.most_bins = {rows.end, columns.end};
  summary.fewest_bins = {rows.begin, columns.begin};
  summary.positions = set.law.shifts();
  summary.importance = sweep.saliency.importance;
  double drops = 0.0;
  for (std::size_t w = 0; w < sweep.windows.size(); ++w) {
    const std::span<const double> scores = sweep.scores.row(w);
    const auto lowest = std::ranges::min_element(scores);
    const double drop = sweep.windows[w].unmasked_score - *lowest;
    if (w == 0 || drop > summary.largest_drop) {
      summary.largest_drop = drop;
      summary.largest_drop_at =
          box_of(sweep, set.law, axes, w, static_cast<std::size_t>(lowest - scores.begin()));
    }
    summary.masks += sweep.windows[w].masks;
    drops += static_cast<double>(sweep.windows[w].masks) *
             (sweep.windows[w].unmasked_score - sweep.windows[w].score_mean);
  }
  summary.mean_drop = drops / static_cast<double>(summary.masks);
  return summary;
}

Explanation join_sizes(Explanation first, Explanation second) {
  const bool first_is_steeper = largest_drop(first) >= largest_drop(second);
  const std::size_t steepest =
      first_is_steeper ? first.steepest_size : first.sizes.size() + second.steepest_size;
  std::vector<SizeSummary> sizes = std::move(first.sizes);
  std::ranges::move(second.sizes, std::back_inserter(sizes));
  std::vector<std::string> warnings = std::move(first.warnings);
  std::ranges::move(second.warnings, std::back_inserter(warnings));
  Explanation joined = first_is_steeper ? std::move(first) : std::move(second);
  joined.sizes = std::move(sizes);
  joined.steepest_size = steepest;
  joined.warnings = std::move(warnings);
  return joined;
}

}  // namespace relax_spectro::core
