#pragma once

#include <cstddef>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/base/threshold.hpp"
#include "relax_spectro/masks/mask.hpp"
#include "relax_spectro/masks/mask_design.hpp"
#include "relax_spectro/saliency/saliency.hpp"

namespace relax_spectro {

/// How REPEAT parts masks and maps.
struct RepeatOptions {
  std::size_t replicates = 10;  ///< 2 or more
  ThresholdKind threshold = ThresholdKind::mean;

  /// @throws ConfigError  fewer than 2 replicates, or more than 1000.
  void validate() const;
};

/// How likely a bin is salient, and how sure that is: both [frequency, time], in [0, 1].
struct RepeatMaps {
  Array2d<double> probability;
  Array2d<double> uncertainty;  ///< probability (1 - probability): at most 1/4
};

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
