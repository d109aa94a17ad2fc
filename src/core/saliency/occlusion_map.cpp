#include "saliency/occlusion_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "relax_spectro/base/error.hpp"
#include "saliency/estimators.hpp"

namespace relax_spectro {
namespace {

// A range below this fraction of a map's level is rounding error.
constexpr double kRounding = 1e-12;

/// Whether all values of a map are equal up to rounding.
bool is_flat(const Array2d<double>& map) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const double value : map.values) {
    if (std::isnan(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  return !(high - low > kRounding * std::max({std::abs(low), std::abs(high), 1e-300}));
}

}  // namespace

Saliency occlusion_map(const ScoredMasks& scored, double unmasked_score) {
  const MaskSample& masks = scored.masks;
  if (scored.scores.empty() || masks.range().size() != scored.scores.size()) {
    throw ConfigError(fmt::format("{} scores for {} masks; expected one each", scored.scores.size(),
                                  masks.range().size()));
  }
  // A mask hides 1 - M. Sums over 1 - M are the sums over 1 minus the sums over M.
  MaskSums kept_drops(masks.law());
  MaskSums kept_squares(masks.law());
  double drops = 0.0;
  double squares = 0.0;
  for (std::size_t n = 0; n < scored.scores.size(); ++n) {
    const Mask mask = masks.design().mask(masks.range().begin + n);
    const double drop = unmasked_score - scored.scores[n];
    kept_drops.add(mask, drop);
    kept_squares.add(mask, drop * drop);
    drops += drop;
    squares += drop * drop;
  }
  const Array2d<double>& kept_map = masks.kept();
  const Array2d<double> drop_map = kept_drops.expand();
  const Array2d<double> square_map = kept_squares.expand();
  Saliency saliency;
  saliency.importance = Array2d<double>(kept_map.rows, kept_map.columns);
  saliency.uncertainty = saliency.importance;
  saliency.standard_error = saliency.importance;
  const auto count = static_cast<double>(scored.scores.size());
  for (std::size_t i = 0; i < kept_map.values.size(); ++i) {
    const double hidden = count - kept_map.values[i];
    const bool seen = hidden > 0.5;  // windows hide a bin completely or not at all
    const double mean =
        seen ? (drops - drop_map.values[i]) / hidden : std::numeric_limits<double>::quiet_NaN();
    saliency.importance.values[i] = mean;
    saliency.uncertainty.values[i] =
        seen ? std::max(0.0, (squares - square_map.values[i]) / hidden - mean * mean) : mean;
  }
  if (!is_flat(saliency.importance)) saliency.noise_to_contrast = 0.0;
  return saliency;
}

}  // namespace relax_spectro
