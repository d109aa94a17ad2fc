#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "relax_spectro/array2d.hpp"
#include "relax_spectro/mask.hpp"
#include "relax_spectro/mask_design.hpp"
#include "relax_spectro/model.hpp"
#include "relax_spectro/score.hpp"

namespace relax_spectro {

/// Told how many masks have been evaluated so far.
using MaskProgress = std::function<void(std::size_t masks_done)>;

/// One window of a spectrogram and what replaces its masked part.
struct OccludedWindow {
  Array2d<float> window;  ///< x, [frequency, time]
  Array2d<float> fill;    ///< b, of the same shape
};

/// The score of M x + (1 - M) b for each mask M of the range, in index order.
///
/// Masked copies are run in batches of `batch_size` (the last may be smaller). Memory does not
/// grow with the number of masks, but for one double each.
/// @throws ConfigError  the batch size is 0, or the design has fewer masks.
/// @throws ModelError   the model fails.
[[nodiscard]] std::vector<double> occlusion_scores(Model& model, const OccludedWindow& occluded,
                                                   const MaskLaw& law, const MaskDesign& design,
                                                   MaskRange range, const Score& score,
                                                   std::size_t batch_size,
                                                   const MaskProgress& progress = {});

}  // namespace relax_spectro
