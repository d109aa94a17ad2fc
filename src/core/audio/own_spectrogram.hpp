#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::core {

/// Computes a tensor of two axes from one window of samples.
using WindowTensor = std::function<Array2d<float>(std::span<const float> samples)>;

/// What a tensor inside a network is, if it is a spectrogram.
struct MeasuredSpectrogram {
  FrontEndConfig front_end;  ///< a network's own: with `own`
  std::size_t frames = 0;    ///< of a window
  bool time_first = false;   ///< the tensor is [time, frequency]
  bool is_local = false;     ///< a frame depends only on the sound near it
};

/// Measures the axes of a tensor by sounds: silence, clicks for the seconds, and slow sweeps of a
/// sine for the Hertz. A card may give the axes instead.
/// @param given  the card's front end: the sample rate, and the axes, if it has `own`.
/// @throws ConfigError  the tensor is no spectrogram; the message says why.
[[nodiscard]] MeasuredSpectrogram measure_spectrogram(const WindowTensor& tensor,
                                                      std::size_t window_samples,
                                                      const FrontEndConfig& given);

}  // namespace relax_spectro::core
