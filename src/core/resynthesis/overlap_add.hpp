#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace relax_spectro {

/// A short-time spectrum, in samples.
struct OverlapAddShape {
  std::size_t window = 0;  ///< a periodic Hann window; even
  std::size_t hop = 0;     ///< 1 to a quarter of the window
  std::size_t fft = 0;     ///< window or more: the rest is zeros
};

/// Writes the gain of each bin (fft / 2 + 1) for the frame with this centre, in samples.
using GainsAt = std::function<void(double centre, std::span<double> gains)>;

/// The signal after its short-time spectrum was multiplied by gains. Frames are windowed again and
/// added, and divided by the sum of the squared windows (Griffin and Lim, IEEE Trans. ASSP 32(2),
/// 1984). Gains of 1 give the same samples, except for rounding.
[[nodiscard]] std::vector<float> overlap_added(std::span<const float> samples,
                                               const OverlapAddShape& shape,
                                               const GainsAt& gains_at);

}  // namespace relax_spectro
