#include "saliency/estimators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kMostReplicates = 1000;

/// Shifts a map without positive values so that its minimum is zero.
void make_positive(Array2d<double>& map, double& most) {
  if (most > 0.0) return;
  double least = most;
  for (const double value : map.values) {
    if (std::isfinite(value)) least = std::min(least, value);
  }
  for (double& value : map.values) value -= least;
  most -= least;
}

/// Adds R / max R where R exceeds its threshold.
void add_salient(Array2d<double> map, ThresholdKind threshold, Array2d<double>& sum) {
  double most = -std::numeric_limits<double>::infinity();
  for (const double value : map.values) {
    if (std::isfinite(value)) most = std::max(most, value);
  }
  make_positive(map, most);
  const double limit = threshold_of(map.values, threshold);
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    if (map.values[i] > limit) sum.values[i] += map.values[i] / most;
  }
}

}  // namespace

void RepeatOptions::validate() const {
  core::require(replicates >= 2 && replicates <= kMostReplicates,
                fmt::format("--repeat is {}; expected 2 to {}", replicates, kMostReplicates));
}

RepeatMaps repeat_maps(const ScoredMasks& scored, const RepeatOptions& options) {
  options.validate();
  const MaskSample& masks = scored.masks;
  const std::size_t count = scored.scores.size();
  core::require(count >= 2 * options.replicates,
                fmt::format("--repeat {}: {} masks are too few; expected 2 or more a replicate",
                            options.replicates, count));
  RepeatMaps maps{Array2d<double>(masks.law().bins().rows, masks.law().bins().columns), {}};
  for (std::size_t k = 0; k < options.replicates; ++k) {
    const std::size_t begin = k * count / options.replicates;
    const std::size_t end = (k + 1) * count / options.replicates;
    const std::size_t first = masks.range().begin;
    const MaskSample replicate(masks.law(), masks.design(), {first + begin, first + end});
    const std::span<const double> scores = scored.scores.subspan(begin, end - begin);
    add_salient(mask_sum_saliency({replicate, scores}).importance, options.threshold,
                maps.probability);
  }
  for (double& value : maps.probability.values) value /= static_cast<double>(options.replicates);
  maps.uncertainty = maps.probability;
  for (double& value : maps.uncertainty.values) value *= 1.0 - value;
  return maps;
}

}  // namespace relax_spectro
