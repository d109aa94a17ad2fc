#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "audio/own_spectrogram.hpp"

namespace relax_spectro::core {

/// A spectrogram whose bands are to be measured.
struct SweptSpectrogram {
  double sample_rate_hz = 0.0;
  std::size_t window_samples = 0;
  float silence = 0.0F;
  std::function<double(std::size_t frame)> second_of;  ///< centre of a frame
};

/// The frequency to which each band responds most, by slow sweeps of a sine from 0 Hz to half the
/// sample rate. A band that hears nothing, as the lowest of many mel bands do, lies between its
/// neighbours. Ascending, in Hertz.
/// @param tensor  [frequency, time]
/// @throws ConfigError  the bands do not respond to one frequency each, in ascending order.
[[nodiscard]] std::vector<double> measure_bands(const WindowTensor& tensor,
                                                const SweptSpectrogram& swept);

/// Sets the centres of a network's own bands and the range that they cover.
void set_bands(FrontEndConfig& front_end, std::vector<double> centres_hz);

}  // namespace relax_spectro::core
