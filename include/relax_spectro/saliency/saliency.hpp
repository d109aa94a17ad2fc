#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/mask.hpp"
#include "relax_spectro/masks/mask_design.hpp"

namespace relax_spectro {

/// How masks and scores become a map. Two algorithms are published under the name RELAX.
enum class Estimator {
  mask_sum,    ///< R = sum(s M) / sum(M), as the published package does
  expected,    ///< R = sum(s M) / (N p), as the paper prints. The noise of the number of masks that
               ///< happen to keep a bin, E[s]^2 (1-p) / (N p), goes into the map and usually drowns
               ///< it
  regression,  ///< the mask-sum map of what a linear model of the score, fitted to how much masks
               ///< keep of each patch of the window, leaves over, plus that model's own map, which
               ///< is exact: the same map from fewer masks
  mean_drop,   ///< a window sweep's: the mean drop of the score over the windows that mask a bin
};

enum class UncertaintyScale {
  variance,      ///< sum(M (s - R)^2) / sum(M)
  unnormalised,  ///< sum(M (s - R)^2), the published package's
};

/// @throws ConfigError  no such name; the message lists those there are.
[[nodiscard]] Estimator parse_estimator(std::string_view name);
[[nodiscard]] std::string_view to_string(Estimator estimator);
[[nodiscard]] UncertaintyScale parse_uncertainty_scale(std::string_view name);
[[nodiscard]] std::string_view to_string(UncertaintyScale scale);

/// A saliency map and how sure it is. All arrays are [frequency, time], in double. With the
/// mask-sum and the regression estimator, a bin that no mask kept has NaN in each.
struct Saliency {
  Array2d<double> importance;   ///< in units of the score
  Array2d<double> uncertainty;  ///< spread of the score over the masks that keep a bin, its square
  Array2d<double> standard_error;  ///< of importance; NaN with fewer than
                                   ///< kFewestMasksForNoise, and where an eighth of
                                   ///< the masks kept nothing of a bin
  std::size_t blocks = 0;  ///< independent parts of the masks that the standard error is taken from
                           ///< (its degrees of freedom are one less); 0: nothing is random
  /// Noise of the map over its contrast: the root mean square standard error of the mean-removed
  /// map over that map's own spatial standard deviation, noise subtracted. Nothing where the map
  /// does not rise above its noise.
  std::optional<double> noise_to_contrast;
};

/// The scores of masks [range.begin, range.end) of a design, one each.
struct ScoredMasks {
  MaskRange range;
  std::span<const double> scores;
};

/// RELAX, mask-sum estimator (the published package's, its uncertainty in West's closed form):
/// R = sum(s M) / sum(M), U = sum(M (s - R)^2) / sum(M).
/// @throws ConfigError  fewer than two masks, not one score each, or more than the design has.
[[nodiscard]] Saliency mask_sum_saliency(const MaskLaw& law, const MaskDesign& design,
                                         const ScoredMasks& masks,
                                         UncertaintyScale scale = UncertaintyScale::variance);

/// RELAX as printed in the paper (Wickstrøm et al., IJCV 2023), with the 1/p:
/// R = sum(s M) / (N p) from one set of masks, U = sum(M (s - R)^2) / ((N - 1) p) from another. The
/// paper divides by (batches - 1) times the batch size: its U is (N - 1) / (N - batch) times ours,
/// which does not depend on how the passes were batched.
/// @throws ConfigError  as mask_sum_saliency, for either set.
[[nodiscard]] Saliency expected_saliency(const MaskLaw& law, const MaskDesign& design,
                                         const ScoredMasks& importance_masks,
                                         const ScoredMasks& uncertainty_masks,
                                         double keep_probability);

/// The most cells of a grid that regression takes: with more, its linear algebra takes seconds.
inline constexpr std::size_t kMostRegressionCells = 1024;

/// @throws ConfigError  regression_saliency does not take these masks; the message says why.
void require_regression(const MaskLaw& law, const MaskDesign& design);

/// The map of mask_sum_saliency from fewer masks, by a control variate. The window is divided into
/// patches somewhat smaller than cells (1.5 times as many along each axis; as many as there are
/// cells where that were more than 1024). With z_j = 2 m_j - 1, m_j the mean of M over the bins of
/// patch j, and s0 the mean score: ridge regression of s - s0 on z over all the masks gives a, b_j
/// and residuals r_n, and
///
///     R = s0 + a + sum_j b_j ((2p - 1) + 2 (1 - p) v_j) + sum_n r_n M_n / sum_n M_n,
///
/// p the probability that a cell is kept, v_j = E[sum_k w_kj w_k] over all shifts, w_k the weight
/// of cell k at the bin and w_kj its mean over patch j: the expectation of the linear part instead
/// of its sample mean. U = E[(s - s0)^2 M] / E[M] - (R - s0)^2, the first term likewise with a
/// regression of its own. The standard error is that of the blocks' residual maps, inflated by what
/// the fit takes of their spread, sqrt(N / (N - degrees of freedom)).
/// That the masks are those that were fitted leaves a bias of order 1 / N, small beside the noise
/// (on a test score at most a tenth of it with 1024 masks, a quarter with 256).
/// @throws ConfigError  as mask_sum_saliency; the design's cells are not known to be independent;
///                      the law has more than kMostRegressionCells.
[[nodiscard]] Saliency regression_saliency(const MaskLaw& law, const MaskDesign& design,
                                           const ScoredMasks& masks,
                                           UncertaintyScale scale = UncertaintyScale::variance);

/// U-RELAX: importance where the uncertainty is at most its (lower) median, 0 elsewhere.
[[nodiscard]] Array2d<double> u_relax(const Saliency& saliency);

}  // namespace relax_spectro
