#pragma once

#include "saliency/estimators.hpp"

namespace relax_spectro {

/// The map of a window sweep: for each bin the mean drop of the score, score(x) - score(x'), over
/// the windows that mask it, counted as Captum's Occlusion does; NaN where none does. Uncertainty
/// is the variance of those drops. Nothing is drawn at random, so the standard error is 0 and the
/// noise to contrast 0 (nothing for a flat map). (Zeiler and Fergus, "Visualizing and Understanding
/// Convolutional Networks", ECCV 2014.)
/// @throws ConfigError  not one score for each mask.
[[nodiscard]] Saliency occlusion_map(const MaskLaw& law, const MaskDesign& design,
                                     const ScoredMasks& masks, double unmasked_score);

}  // namespace relax_spectro
