#pragma once

#include <cstddef>
#include <span>

#include "masks/mask.hpp"
#include "masks/mask_design.hpp"
#include "relax_spectro/saliency/saliency.hpp"

namespace relax_spectro {

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

/// REPEAT: splits the masks into K disjoint replicates of consecutive masks and takes the mask-sum
/// map R_k of each. A bin is salient in a replicate if R_k lies above that map's threshold:
///
///     p = 1/K sum_k (R_k / max R_k) [R_k > threshold_k],   uncertainty p (1 - p).
///
/// Where max R_k is not positive (scores below zero, such as l2), R_k less its least value takes
/// its place. (Wickstrøm, Brüsch, Kampffmeyer and Jenssen, "REPEAT: Improving Uncertainty
/// Estimation in Representation Learning Explainability", AAAI 2025.)
/// @throws ConfigError  fewer than 2 masks a replicate, or as mask_sum_saliency.
[[nodiscard]] RepeatMaps repeat_maps(const MaskLaw& law, const MaskDesign& design,
                                     const ScoredMasks& masks, const RepeatOptions& options);

}  // namespace relax_spectro
