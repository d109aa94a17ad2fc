#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace relax_spectro::test {

/// A sound with several frequencies that change, for networks that take the waveform.
inline std::vector<float> waveform(std::size_t samples) {
  std::vector<float> sound(samples);
  for (std::size_t i = 0; i < samples; ++i) {
    const auto t = static_cast<double>(i);
    sound[i] = static_cast<float>(0.3 * std::sin(0.35 * t) * std::sin(0.0013 * t) +
                                  0.2 * std::sin(0.9 * t + 40.0 * std::sin(0.002 * t)));
  }
  return sound;
}

}  // namespace relax_spectro::test
