#pragma once

#include <cstddef>
#include <span>

#include "relax_spectro/saliency/saliency.hpp"
#include "saliency/mask_sample.hpp"

namespace relax_spectro {

/// Masks with one score each.
struct ScoredMasks {
  const MaskSample& masks;
  std::span<const double> scores;
};

/// RELAX, mask-sum estimator, as in the published package (with West's closed form for the
/// uncertainty): R = sum(s M) / sum(M), U = sum(M (s - R)^2) / sum(M).
/// @throws ConfigError  fewer than two masks, more than the design has, or not one score each.
[[nodiscard]] Saliency mask_sum_saliency(const ScoredMasks& scored,
                                         UncertaintyScale scale = UncertaintyScale::variance);

/// RELAX as printed in the paper (Wickstrøm et al., IJCV 2023), with the factor 1/p. R = sum(s M) /
/// (N p) comes from one set of masks, U = sum(M (s - R)^2) / ((N - 1) p) from another. The paper
/// divides by (batches - 1) times the batch size, so its U is (N - 1) / (N - batch) times ours.
/// Ours does not depend on the size of batches.
/// @throws ConfigError  as mask_sum_saliency, for either set.
[[nodiscard]] Saliency expected_saliency(const ScoredMasks& importance_masks,
                                         const ScoredMasks& uncertainty_masks,
                                         double keep_probability);

/// The most cells of a grid for regression. With more, its linear algebra takes seconds.
inline constexpr std::size_t kMostRegressionCells = 1024;

/// @throws ConfigError  regression_saliency cannot use these masks; the message explains why.
void require_regression(const MaskLaw& law, const MaskDesign& design);

/// The map of mask_sum_saliency from fewer masks, by a control variate. The window is divided into
/// patches somewhat smaller than cells: 1.5 times as many along each axis, or as many as cells if
/// that gave more than 1024. Let z_j = 2 m_j - 1, with m_j the mean of M over the bins of patch j,
/// and s0 the mean score. Ridge regression of s - s0 on z over all masks gives a, b_j and residuals
/// r_n, and
///
///     R = s0 + a + sum_j b_j ((2p - 1) + 2 (1 - p) v_j) + sum_n r_n M_n / sum_n M_n.
///
/// Here p is the probability of keeping a cell, and v_j = E[sum_k w_kj w_k] over all shifts. Cell k
/// has the weight w_k at the bin, and its mean over patch j is w_kj. So the linear part enters with
/// its expectation, not its sample mean. U = E[(s - s0)^2 M] / E[M] - (R - s0)^2, where a second
/// regression gives the first term. The standard error is that of the blocks' residual maps. It is
/// inflated by sqrt(N / (N - degrees of freedom)), because the fit reduces their spread.
/// Fitting and averaging use the same masks, which causes a bias of order 1 / N. It is small beside
/// the noise: on a test score at most a tenth of it with 1024 masks, a quarter with 256.
/// @throws ConfigError  as mask_sum_saliency, or the cells are not known to be independent, or the
///                      law has more than kMostRegressionCells.
[[nodiscard]] Saliency regression_saliency(const ScoredMasks& scored,
                                           UncertaintyScale scale = UncertaintyScale::variance);

/// U-RELAX: the importance where the uncertainty is at most its (lower) median, else 0.
[[nodiscard]] Array2d<double> u_relax(const Saliency& saliency);

/// REPEAT: splits the masks into K disjoint replicates of consecutive masks, and computes the
/// mask-sum map R_k of each. A bin is salient in a replicate if R_k exceeds that map's threshold:
///
///     p = 1/K sum_k (R_k / max R_k) [R_k > threshold_k],   uncertainty p (1 - p).
///
/// If max R_k is not positive (scores below zero, such as l2), R_k is first shifted by its minimum.
/// (Wickstrøm, Brüsch, Kampffmeyer and Jenssen, "REPEAT: Improving Uncertainty Estimation in
/// Representation Learning Explainability", AAAI 2025.)
/// @throws ConfigError  fewer than 2 masks in a replicate, or as mask_sum_saliency.
[[nodiscard]] RepeatMaps repeat_maps(const ScoredMasks& scored, const RepeatOptions& options);

}  // namespace relax_spectro
