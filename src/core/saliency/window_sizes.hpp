#pragma once

#include "masks/mask_axes.hpp"
#include "masks/mask_family.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::core {

/// Summarises a sweep with windows of one size.
/// @param sweep  a whole recording, explained with the set's masks.
/// @pre  the set has a window.
[[nodiscard]] SizeSummary summarise_size(const Explanation& sweep, const MaskSet& set,
                                         const MaskAxes& axes);

/// Joins sweeps of one recording with windows of different sizes. The result has the sizes of both,
/// in order. Everything else comes from the sweep with the larger drop of the score at a single
/// position.
[[nodiscard]] Explanation join_sizes(Explanation first, Explanation second);

}  // namespace relax_spectro::core
