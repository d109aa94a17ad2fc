#pragma once

#include "relax_spectro/masks/mask_family.hpp"
#include "relax_spectro/model/model_card.hpp"
#include "relax_spectro/occlusion/recording_windows.hpp"

namespace relax_spectro::core {

/// Makes sure that a recording shorter than the model's window has room for the masks' cells.
/// @throws AudioError   it has not, and a whole window would have.
/// @throws ConfigError  a whole window has not either.
void require_room_for_masks(const ModelCard& card, const RecordingWindows& recording,
                            const MaskOptions& masks);

}  // namespace relax_spectro::core
