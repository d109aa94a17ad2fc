#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/prediction.hpp"

namespace relax_spectro {

/// What a network makes of a sound, against the input that the sound stands for.
struct NetworkCheck {
  std::optional<double> cosine;   ///< of both embeddings, as a mean over windows; nothing: none
  std::vector<HeardClass> heard;  ///< in the sound: see heard_in_recording()
  std::vector<HeardClass> given;  ///< in the input
};

/// Runs both inputs of each window alone, so that memory does not grow with the recording.
/// @param sound, wanted  give the input of a window; both of the same shape.
/// @throws ModelError, MemoryError
[[nodiscard]] NetworkCheck check_sound(Engine& engine,
                                       const std::function<Array2d<float>(FrameRange)>& sound,
                                       const std::function<Array2d<float>(FrameRange)>& wanted,
                                       std::span<const FrameRange> windows);

}  // namespace relax_spectro
