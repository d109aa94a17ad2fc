#include "saliency/estimators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "base/enum_names.hpp"
#include "base/ridge_regression.hpp"
#include "relax_spectro/base/error.hpp"
#include "saliency/map_noise.hpp"
#include "saliency/mask_patches.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kEstimators{"estimator",
                                      std::array{std::pair{Estimator::mask_sum, "mask-sum"sv},
                                                 std::pair{Estimator::expected, "expected"sv},
                                                 std::pair{Estimator::regression, "regression"sv},
                                                 std::pair{Estimator::cells, "cells"sv},
                                                 std::pair{Estimator::mean_drop, "mean-drop"sv}}};
constexpr core::EnumNames kUncertaintyScales{
    "uncertainty", std::array{std::pair{UncertaintyScale::variance, "variance"sv},
                              std::pair{UncertaintyScale::unnormalised, "unnormalised"sv}}};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Sums over masks, for each bin.
///
/// Note [Why scores are centred]
/// Cosines may spread by only 0.004 around 0.99. Summing differences from the mean score keeps
/// digits that sums of s and s^2 would lose.
struct Moments {
  Array2d<double> kept;    // sum of M
  Array2d<double> first;   // sum of (s - centre) M
  Array2d<double> second;  // sum of (s - centre)^2 M
};

/// The factors with which mask number n is added to `first` and `second`.
using TermsOf = std::function<std::array<double, 2>(std::size_t n, const Mask& mask)>;

/// Scored masks, summed over all and over each block. The blocks give the noise.
struct BlockedMoments {
  double centre = 0.0;  ///< the mean score
  std::size_t masks = 0;
  Moments total;
  std::vector<Array2d<double>> block_importance;
};

/// Computes importance from sum(M), sum((s - centre) M), the centre and the number of masks.
using ImportanceOf =
    std::function<double(double kept, double first, double centre, std::size_t masks)>;

double mask_sum_importance(double kept, double first, double centre, std::size_t) {
  return kept > 0.0 ? centre + first / kept : kNaN;
}

/// Applies `value` bin by bin to maps of one shape.
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

void require_scores(const MaskDesign& design, const ScoredMasks& masks) {
  if (masks.scores.size() < 2 || masks.range.size() != masks.scores.size() ||
      masks.range.end > design.size()) {
    throw ConfigError(
        fmt::format("{} scores for masks {} to {}; "
                    "expected one each, and at least 2: ask for more masks",
                    masks.scores.size(), masks.range.begin, masks.range.end));
  }
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

BlockedMoments sum_up_terms(const MaskLaw& law, const MaskDesign& design, MaskRange range,
                            double centre, const TermsOf& terms_of,
                            const ImportanceOf& importance_of) {
  BlockedMoments moments;
  moments.masks = range.size();
  moments.centre = centre;
  const Shape2d bins = law.bins();
  const Array2d<double> zero(bins.rows, bins.columns);
  moments.total = {zero, zero, {}};
  MaskSums second(law);
  for (const MaskRange block : design.blocks(range)) {
    MaskSums kept(law);
    MaskSums first(law);
    for (std::size_t n = block.begin; n < block.end; ++n) {
      const Mask mask = design.mask(n);
      const std::array<double, 2> terms = terms_of(n, mask);
      kept.add(mask, 1.0);
      first.add(mask, terms[0]);
      second.add(mask, terms[1]);
    }
    const Moments sums{kept.expand(), first.expand(), {}};
    moments.block_importance.push_back(importance_map(sums, centre, block.size(), importance_of));
    moments.total.kept = for_each_bin(std::plus<>(), moments.total.kept, sums.kept);
    moments.total.first = for_each_bin(std::plus<>(), moments.total.first, sums.first);
  }
  moments.total.second = second.expand();
  return moments;
}

BlockedMoments sum_up(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks,
                      const ImportanceOf& importance_of) {
  require_scores(design, masks);
  const double centre = mean_of(masks.scores);
  const TermsOf terms_of = [&](std::size_t n, const Mask&) {
    const double centred = masks.scores[n - masks.range.begin] - centre;
    return std::array{centred, centred * centred};
  };
  return sum_up_terms(law, design, masks.range, centre, terms_of, importance_of);
}

/// Importance with its noise, common to all estimators.
Saliency importance_with_noise(const BlockedMoments& moments, const ImportanceOf& importance_of) {
  Saliency saliency;
  saliency.importance = importance_map(moments.total, moments.centre, moments.masks, importance_of);
  saliency.standard_error = core::standard_error(moments.block_importance);
  saliency.blocks = moments.block_importance.size();
  saliency.noise_to_contrast = core::noise_to_contrast(moments.block_importance);
  return saliency;
}

/// Fits s - centre and its square to how much of each patch the masks keep.
std::vector<core::LinearFit> fit_scores(const core::MaskPatches& patches, const MaskDesign& design,
                                        const ScoredMasks& masks, double centre) {
  core::RidgeProblem problem;
  problem.rows = masks.scores.size();
  problem.features = patches.count();
  problem.write_features = [&](std::size_t row, std::span<double> features) {
    patches.write_features(design.mask(masks.range.begin + row), features);
  };
  problem.targets.resize(2);
  for (const double score : masks.scores) {
    problem.targets[0].push_back(score - centre);
    problem.targets[1].push_back((score - centre) * (score - centre));
  }
  return core::ridge_fits(problem);
}

/// The factor by which the noise of residuals is underestimated.
///
/// Note [Why residuals are inflated]
/// The fit also follows the noise of its own scores. If it has a tenth as many degrees of freedom
/// as there are masks, the residuals lose a tenth of their variance. Without a correction the map
/// would look that much more certain than it is.
double noise_inflation(const core::LinearFit& fit, std::size_t count) {
  constexpr double kLeastLeft = 0.1;  // of the variance; with fewer masks than cells, the fit is
                                      // exact
  const double left = 1.0 - fit.degrees_of_freedom / static_cast<double>(count);
  return 1.0 / std::sqrt(std::max(left, kLeastLeft));
}

}  // namespace

Estimator parse_estimator(std::string_view name) { return kEstimators.parse(name); }
std::string_view to_string(Estimator estimator) { return kEstimators.name_of(estimator); }
UncertaintyScale parse_uncertainty_scale(std::string_view name) {
  return kUncertaintyScales.parse(name);
}
std::string_view to_string(UncertaintyScale scale) { return kUncertaintyScales.name_of(scale); }

void require_regression(const MaskLaw& law, const MaskDesign& design) {
  const Shape2d grid = law.grid();
  if (grid.rows * grid.columns > kMostRegressionCells) {
    throw ConfigError(
        fmt::format("the grid has {}x{} = {} cells; "
                    "the regression estimator takes at most {}: choose mask-sum, or fewer cells",
                    grid.rows, grid.columns, grid.rows * grid.columns, kMostRegressionCells));
  }
  if (!design.independent_cells() || !design.keep_probability()) {
    throw ConfigError(
        "the regression estimator needs masks whose cells are kept independently of each other, "
        "with one known probability. That is not known of these masks: use mask-sum");
  }
}

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

Saliency regression_saliency(const MaskLaw& law, const MaskDesign& design, const ScoredMasks& masks,
                             UncertaintyScale scale) {
  require_scores(design, masks);
  require_regression(law, design);
  const double keep = *design.keep_probability();
  const double centre = mean_of(masks.scores);
  const core::MaskPatches patches(law);
  const std::vector<core::LinearFit> fits = fit_scores(patches, design, masks, centre);
  std::vector<double> features(patches.count());
  const TermsOf residuals_of = [&](std::size_t n, const Mask& mask) {
    patches.write_features(mask, features);
    const double centred = masks.scores[n - masks.range.begin] - centre;
    return std::array{centred - fits[0].at(features), centred * centred - fits[1].at(features)};
  };
  BlockedMoments moments =
      sum_up_terms(law, design, masks.range, 0.0, residuals_of, mask_sum_importance);
  const Array2d<double> left_over =
      importance_map(moments.total, 0.0, moments.masks, mask_sum_importance);
  const double inflation = noise_inflation(fits[0], masks.scores.size());
  // The fit and the mean score are part of the map, and of each block's map for noise over
  // contrast.
  const Array2d<double> fitted = patches.expected_map(fits[0], keep);
  for (Array2d<double>& block : moments.block_importance) {
    block = for_each_bin(
        [centre, inflation](double left, double mean_left, double value) {
          return centre + value + mean_left + inflation * (left - mean_left);
        },
        block, left_over, fitted);
  }
  Saliency saliency = importance_with_noise(moments, mask_sum_importance);
  saliency.importance = for_each_bin(
      [centre](double left, double value) { return centre + value + left; }, left_over, fitted);
  saliency.uncertainty = for_each_bin(
      [centre, scale](double kept, double second, double square, double importance) {
        if (kept <= 0.0) return kNaN;
        const double mean = importance - centre;
        const double variance = std::max(0.0, square + second / kept - mean * mean);
        return scale == UncertaintyScale::variance ? variance : variance * kept;
      },
      moments.total.kept, moments.total.second, patches.expected_map(fits[1], keep),
      saliency.importance);
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
