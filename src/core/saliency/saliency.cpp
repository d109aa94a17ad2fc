#include "saliency/estimators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/enum_names.hpp"
#include "base/finite_mean.hpp"
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

/// Sums over masks, for each bin, with the map of each block. The blocks give the noise.
///
/// Note [Why scores are centred]
/// Cosines may spread by only 0.004 around 0.99. Summing differences from the mean score keeps
/// digits that sums of s and s^2 would lose.
struct Moments {
  Array2d<double> first;   // sum of (s - centre) M
  Array2d<double> second;  // sum of (s - centre)^2 M
  std::vector<Array2d<double>> block_maps;
};

/// Importance at a bin, from sum(M), sum((s - centre) M) and the centre.
double mean_score(double kept, double first, double centre) {
  const double mean = centre + first / kept;
  return kept > 0.0 ? mean : kNaN;
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

void require_scores(const ScoredMasks& scored) {
  const MaskRange range = scored.masks.range();
  if (scored.scores.size() < 2 || range.size() != scored.scores.size() ||
      range.end > scored.masks.design().size()) {
    throw ConfigError(
        fmt::format("{} scores for masks {} to {}; "
                    "expected one each, and at least 2: ask for more masks",
                    scored.scores.size(), range.begin, range.end));
  }
}

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The scores minus the centre, and their squares.
std::array<std::vector<double>, 2> centred_powers(std::span<const double> scores, double centre) {
  std::array<std::vector<double>, 2> powers;
  for (const double score : scores) {
    powers[0].push_back(score - centre);
    powers[1].push_back((score - centre) * (score - centre));
  }
  return powers;
}

/// @param terms_of       the factors with which a mask is added to `first` and `second`, from its
///                       number in the sample and the mask.
/// @param importance_of  the value of a block's map, from sum(M), the sum of the first terms, and
///                       the number of masks.
template <typename TermsOf, typename ImportanceOf>
Moments sum_up(const MaskSample& masks, const TermsOf& terms_of,
               const ImportanceOf& importance_of) {
  Moments moments;
  moments.first = Array2d<double>(masks.law().bins().rows, masks.law().bins().columns);
  MaskSums second(masks.law());
  for (const MaskBlock& block : masks.blocks()) {
    MaskSums first(masks.law());
    for (std::size_t n = block.range.begin; n < block.range.end; ++n) {
      const Mask mask = masks.design().mask(n);
      const std::array<double, 2> terms = terms_of(n - masks.range().begin, mask);
      first.add(mask, terms[0]);
      second.add(mask, terms[1]);
    }
    const Array2d<double> sums = first.expand();
    moments.block_maps.push_back(for_each_bin(
        [&](double kept, double sum) { return importance_of(kept, sum, block.range.size()); },
        block.kept, sums));
    std::ranges::transform(moments.first.values, sums.values, moments.first.values.begin(),
                           std::plus<>());
  }
  moments.second = second.expand();
  return moments;
}

template <typename ImportanceOf>
Moments sum_up_scores(const ScoredMasks& scored, double centre, const ImportanceOf& importance_of) {
  const auto powers = centred_powers(scored.scores, centre);
  const auto terms_of = [&](std::size_t row, const Mask&) {
    return std::array{powers[0][row], powers[1][row]};
  };
  return sum_up(scored.masks, terms_of, importance_of);
}

/// A map with its noise, which the maps of blocks give.
Saliency with_noise(Array2d<double> importance, std::span<const Array2d<double>> block_maps) {
  Saliency saliency;
  saliency.importance = std::move(importance);
  saliency.standard_error = core::standard_error(block_maps);
  saliency.blocks = block_maps.size();
  saliency.noise_to_contrast = core::noise_to_contrast(block_maps);
  return saliency;
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

Saliency mask_sum_saliency(const ScoredMasks& scored, UncertaintyScale scale) {
  require_scores(scored);
  const double centre = mean_of(scored.scores);
  const auto importance_of = [centre](double kept, double first, std::size_t = 0) {
    return mean_score(kept, first, centre);
  };
  const Moments moments = sum_up_scores(scored, centre, importance_of);
  const Array2d<double>& all_kept = scored.masks.kept();
  Saliency saliency =
      with_noise(for_each_bin(importance_of, all_kept, moments.first), moments.block_maps);
  saliency.uncertainty = for_each_bin(
      [scale](double kept, double first, double second) {
        if (kept <= 0.0) return kNaN;
        const double mean = first / kept;
        const double variance = std::max(0.0, second / kept - mean * mean);
        return scale == UncertaintyScale::variance ? variance : variance * kept;
      },
      all_kept, moments.first, moments.second);
  return saliency;
}

Saliency expected_saliency(const ScoredMasks& importance_masks,
                           const ScoredMasks& uncertainty_masks, double keep_probability) {
  require_scores(importance_masks);
  require_scores(uncertainty_masks);
  const auto importance_with = [keep_probability](double centre) {
    return [keep_probability, centre](double kept, double first, std::size_t masks) {
      return (centre * kept + first) / (static_cast<double>(masks) * keep_probability);
    };
  };
  const auto importance_of = importance_with(mean_of(importance_masks.scores));
  const Moments moments =
      sum_up_scores(importance_masks, mean_of(importance_masks.scores), importance_of);
  Saliency saliency =
      with_noise(for_each_bin(
                     [&](double kept, double first) {
                       return importance_of(kept, first, importance_masks.scores.size());
                     },
                     importance_masks.masks.kept(), moments.first),
                 moments.block_maps);
  const double centre = mean_of(uncertainty_masks.scores);
  const Moments fresh = sum_up_scores(uncertainty_masks, centre, importance_with(centre));
  const double divisor =
      static_cast<double>(uncertainty_masks.scores.size() - 1) * keep_probability;
  saliency.uncertainty = for_each_bin(
      [centre, divisor](double kept, double first, double second, double importance) {
        const double offset = importance - centre;
        return std::max(0.0, second - 2.0 * offset * first + offset * offset * kept) / divisor;
      },
      uncertainty_masks.masks.kept(), fresh.first, fresh.second, saliency.importance);
  return saliency;
}

Saliency regression_saliency(const ScoredMasks& scored, UncertaintyScale scale) {
  require_scores(scored);
  const MaskSample& masks = scored.masks;
  require_regression(masks.law(), masks.design());
  const double keep = *masks.design().keep_probability();
  const double centre = mean_of(scored.scores);
  const auto powers = centred_powers(scored.scores, centre);
  const std::vector<core::LinearFit> fits = masks.ridge().fits(powers);
  const core::MaskPatches& patches = masks.patches();
  std::vector<double> features(patches.count());
  const auto residuals_of = [&](std::size_t row, const Mask& mask) {
    patches.write_features(mask, features);
    return std::array{powers[0][row] - fits[0].at(features), powers[1][row] - fits[1].at(features)};
  };
  const auto residual_of = [](double kept, double first, std::size_t = 0) {
    return mean_score(kept, first, 0.0);
  };
  Moments moments = sum_up(masks, residuals_of, residual_of);
  const Array2d<double> left_over = for_each_bin(residual_of, masks.kept(), moments.first);
  const double inflation = noise_inflation(fits[0], scored.scores.size());
  Array2d<double> importance =
      for_each_bin([centre](double left, double value) { return centre + value + left; }, left_over,
                   patches.expected_map(fits[0], keep));
  // The fit and the mean score are part of the map, and of each block's map for noise over
  // contrast.
  for (Array2d<double>& block : moments.block_maps) {
    for (std::size_t bin = 0; bin < block.values.size(); ++bin) {
      double& value = block.values[bin];
      value = importance.values[bin] + inflation * (value - left_over.values[bin]);
    }
  }
  Saliency saliency = with_noise(std::move(importance), moments.block_maps);
  saliency.uncertainty = for_each_bin(
      [centre, scale](double kept, double second, double square, double mean_score) {
        if (kept <= 0.0) return kNaN;
        const double mean = mean_score - centre;
        const double variance = std::max(0.0, square + second / kept - mean * mean);
        return scale == UncertaintyScale::variance ? variance : variance * kept;
      },
      masks.kept(), moments.second, patches.expected_map(fits[1], keep), saliency.importance);
  return saliency;
}

Array2d<double> u_relax(const Saliency& saliency) {
  std::vector<double> values;
  for (const double value : saliency.uncertainty.values) {
    if (std::isfinite(value)) values.push_back(value);
  }
  const std::optional<double> median = core::lower_median(std::move(values));
  if (!median) return saliency.importance;
  return for_each_bin(
      [limit = *median](double importance, double uncertainty) {
        return uncertainty <= limit ? importance : 0.0;
      },
      saliency.importance, saliency.uncertainty);
}

}  // namespace relax_spectro
