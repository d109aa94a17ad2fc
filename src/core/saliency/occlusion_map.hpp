#pragma once

#include "saliency/estimators.hpp"

namespace relax_spectro {

/// The map of a window sweep. For each bin it is the mean drop of the score, score(x) - score(x'),
/// over the windows that mask it, as in Captum's Occlusion. NaN if no window masks the bin. The
/// uncertainty is the variance of these drops. Nothing is random, so the standard error and the
/// noise over contrast are 0 (the latter is nothing for a flat map). (Zeiler and Fergus,
/// "Visualizing and Understanding Convolutional Networks", ECCV 2014.)
/// @throws ConfigError  not one score for each mask.
[[nodiscard]] Saliency occlusion_map(const ScoredMasks& scored, double unmasked_score);

}  // namespace relax_spectro
