#include "saliency/short_recording.hpp"

#include <fmt/format.h>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

void require_room_for_masks(const ModelCard& card, const RecordingWindows& recording,
                            const MaskOptions& masks) {
  const std::size_t frames = recording.windows.front().count;
  const std::size_t whole = card.input.window_frames;
  if (frames >= whole) return;
  try {
    static_cast<void>(make_mask_sets(masks, mask_axes(card.front_end, frames)));
  } catch (const ConfigError&) {
    const MaskAxes axes = mask_axes(card.front_end, whole);
    static_cast<void>(make_mask_sets(masks, axes));  // is the request at fault?
    throw AudioError(fmt::format(
        "the recording is too short for the cells of the masks: its length is {} frames ({:.3g} s), "
        "the model's window {} ({:.3g} s). Leave it out, or choose fewer cells along time",
        frames, axes.frame_s * static_cast<double>(frames), whole,
        axes.frame_s * static_cast<double>(whole)));
  }
}

}  // namespace relax_spectro::core
