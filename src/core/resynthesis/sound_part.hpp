#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "occlusion/recording_windows.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "resynthesis/resynthesis.hpp"

namespace relax_spectro {

/// A part of a recording as the network was given it, and as sound.
struct SoundPart {
  Array2d<float> wanted;  ///< the network's input
  Resynthesis made;
  LogMelError error;  ///< of the sound's input, against the wanted one
};

/// The fill of a recording's frames. Where windows overlap, it is their mean.
[[nodiscard]] Array2d<float> recording_fill(const Fill& fill, const RecordingWindows& recording,
                                            std::uint64_t seed, FrameRange frames);
/// The fill of all frames.
[[nodiscard]] Array2d<float> recording_fill(const Fill& fill, const RecordingWindows& recording,
                                            std::uint64_t seed);

/// What the network gets if a weight keeps a part: w x + (1 - w) fill. All have the same shape.
[[nodiscard]] Array2d<float> masked_input(const Array2d<float>& values, const Array2d<float>& fill,
                                          const Array2d<float>& weight);

/// The part of a recording that a weight keeps: x' = w x + (1 - w) fill, and its sound.
/// @param weight, fill  with the shape of the spectrogram.
[[nodiscard]] SoundPart sound_part(const FrontEndConfig& config, const Audio& heard,
                                   const Spectrogram& spectrogram, const Array2d<float>& fill,
                                   const Array2d<float>& weight,
                                   const ResynthesisOptions& options = {});

/// The sound of a box: nothing else, and only its time with half an analysis window on either side,
/// faded.
/// @param heard     as for sound_part().
/// @param channels  of the same recording.
/// @returns one sound for each channel.
[[nodiscard]] std::vector<Audio> box_sound(const FrontEndConfig& config, const Audio& heard,
                                           std::span<const Audio> channels,
                                           const TimeFrequencyBox& box,
                                           const ResynthesisOptions& options = {});

}  // namespace relax_spectro
