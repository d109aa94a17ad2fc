#include "relax_spectro/saliency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "enum_names.hpp"
#include "map_noise.hpp"
#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kEstimators{"estimator",
                                      std::array{std::pair{Estimator::mask_sum, "mask-sum"sv},
                                                 std::pair{Estimator::expected, "expected"sv}}};
constexpr core::EnumNames kUncertaintyScales{
    "uncertainty", std::array{std::pair{UncertaintyScale::variance, "variance"sv},
                              std::pair{UncertaintyScale::unnormalised, "unnormalised"sv}}};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Sums over masks of M, (s - centre) M and (s - centre)^2 M, for each bin.
///
/// Note [Why scores are centred]
/// A cosine may spread by 0.004 about 0.99. Differences from the mean score keep the digits that
/// sums of s and s^2 would lose.
struct Moments {
  Array2d<double> kept;
  Array2d<double> first;
  Array2d<double> second;
};

/// A set of scored masks, summed up as a whole and, for the noise, block by block.
struct BlockedMoments {
  double centre = 0.0;  ///< the mean score
  std::size_t masks = 0;
  Moments total;
  std::vector<Array2d<double>> block_importance;
};

/// What gives importance from sum(M), sum((s - centre) M), the centre and the number of masks.
using ImportanceOf =
    std::function<double(double kept, double first, double centre, std::size_t masks)>;

double mask_sum_importance(double kept, double first, double centre, std::size_t) {
  return kept > 0.0 ? centre + first / kept : kNaN;
}

/// Applies `value` to the bins of maps of one shape.
template <typename Value, typename... Maps>
Array2d<double> for_each_bin(const Value& value, const Array2d<double>& first,
                             const Maps&... others) {
  Array2d<double> result(first.rows, first.columns);
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    result.values[i] = value(first.values[i], others.values[i]...);
  }
  return result;
}

Array2d<double> importance_map(const Moments& moments, double centre, std::size_t masks,
                               const ImportanceOf& importance_of) {
  return for_each_bin(
      [&](double kept, double first) { return importance_of(kept, first, centre, masks); },
      moments.kept, moments.first);
}

/// Sums up one block of the scored masks.
Moments sum_block(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks,
                  double centre, MaskRange block) {
  MaskSums kept(law);
  MaskSums first(law);
  MaskSums second(law);
  for (std::size_t n = block.begin; n < block.end; ++n) {
    const Mask mask = design.mask(n);
    const double centred = masks.scores[n - masks.range.begin] - centre;
    kept.add(mask, 1.0);
    first.add(mask, centred);
    second.add(mask, centred * centred);
  }
  return {kept.expand(), first.expand(), second.expand()};
}

void require_scores(const MaskDesign& design, const ScoredMasks& masks) {
  if (masks.scores.size() < 2 || masks.range.size() != masks.scores.size() ||
      masks.range.end > design.size()) {
    throw ConfigError(
        fmt::format("{} scores for masks {} to {}; expected one each, and at least 2: ask for more "
                    "masks",
                    masks.scores.size(), masks.range.begin, masks.range.end));
  }
}

BlockedMoments sum_up(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks,
                      const ImportanceOf& importance_of) {
  require_scores(design, masks);
  BlockedMoments moments;
  moments.masks = masks.scores.size();
  moments.centre = std::accumulate(masks.scores.begin(), masks.scores.end(), 0.0) /
                   static_cast<double>(moments.masks);
  const Shape2d bins = law.bins();
  const Array2d<double> zero(bins.rows, bins.columns);
  moments.total = {zero, zero, zero};
  for (const MaskRange block : design.blocks(masks.range)) {
    const Moments sums = sum_block(law, design, masks, moments.centre, block);
    moments.block_importance.push_back(
        importance_map(sums, moments.centre, block.size(), importance_of));
    moments.total.kept = for_each_bin(std::plus<>(), moments.total.kept, sums.kept);
    moments.total.first = for_each_bin(std::plus<>(), moments.total.first, sums.first);
    moments.total.second = for_each_bin(std::plus<>(), moments.total.second, sums.second);
  }
  return moments;
}

/// Importance with its noise, as every estimator has it.
Saliency importance_with_noise(const BlockedMoments& moments, const ImportanceOf& importance_of) {
  Saliency saliency;
  saliency.importance = importance_map(moments.total, moments.centre, moments.masks, importance_of);
  saliency.standard_error = core::standard_error(moments.block_importance);
  saliency.noise_to_contrast = core::noise_to_contrast(moments.block_importance);
  return saliency;
}

}  // namespace

Estimator parse_estimator(std::string_view name) { return kEstimators.parse(name); }
std::string_view to_string(Estimator estimator) { return kEstimators.name_of(estimator); }
UncertaintyScale parse_uncertainty_scale(std::string_view name) {
  return kUncertaintyScales.parse(name);
}
std::string_view to_string(UncertaintyScale scale) { return kUncertaintyScales.name_of(scale); }

Saliency mask_sum_saliency(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks,
                           UncertaintyScale scale) {
  const BlockedMoments moments = sum_up(law, design, masks, mask_sum_importance);
  Saliency saliency = importance_with_noise(moments, mask_sum_importance);
  saliency.uncertainty = for_each_bin(
      [scale](double kept, double first, double second) {
        if (kept <= 0.0) return kNaN;
        const double mean = first / kept;
        const double variance = std::max(0.0, second / kept - mean * mean);
        return scale == UncertaintyScale::variance ? variance : variance * kept;
      },
      moments.total.kept, moments.total.first, moments.total.second);
  return saliency;
}

Saliency expected_saliency(const MaskLaw& law, const MaskDesign& design,
                           const ScoredMasks& importance_masks,
                           const ScoredMasks& uncertainty_masks, double keep_probability) {
  const auto importance_of = [keep_probability](double kept, double first, double centre,
                                                std::size_t masks) {
    return (centre * kept + first) / (static_cast<double>(masks) * keep_probability);
  };
  Saliency saliency =
      importance_with_noise(sum_up(law, design, importance_masks, importance_of), importance_of);
  const BlockedMoments fresh = sum_up(law, design, uncertainty_masks, importance_of);
  const double divisor = static_cast<double>(fresh.masks - 1) * keep_probability;
  saliency.uncertainty = for_each_bin(
      [&fresh, divisor](double kept, double first, double second, double importance) {
        const double offset = importance - fresh.centre;
        return std::max(0.0, second - 2.0 * offset * first + offset * offset * kept) / divisor;
      },
      fresh.total.kept, fresh.total.first, fresh.total.second, saliency.importance);
  return saliency;
}

Array2d<double> u_relax(const Saliency& saliency) {
  std::vector<double> sorted;
  for (const double value : saliency.uncertainty.values) {
    if (std::isfinite(value)) sorted.push_back(value);
  }
  if (sorted.empty()) return saliency.importance;
  const auto lower_median = sorted.begin() + static_cast<std::ptrdiff_t>((sorted.size() - 1) / 2);
  std::nth_element(sorted.begin(), lower_median, sorted.end());
  return for_each_bin(
      [limit = *lower_median](double importance, double uncertainty) {
        return uncertainty <= limit ? importance : 0.0;
      },
      saliency.importance, saliency.uncertainty);
}

}  // namespace relax_spectro
