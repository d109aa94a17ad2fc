#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include <sndfile.h>

#include "relax_spectro/audio/audio.hpp"

namespace relax_spectro::test {

inline Audio sine(double frequency_hz, double duration_s, int sample_rate_hz,
                  double amplitude = 1.0) {
  Audio audio;
  audio.sample_rate_hz = sample_rate_hz;
  audio.samples.resize(static_cast<std::size_t>(std::llround(duration_s * sample_rate_hz)));
  for (std::size_t n = 0; n < audio.samples.size(); ++n) {
    const double t = static_cast<double>(n) / sample_rate_hz;
    audio.samples[n] =
        static_cast<float>(amplitude * std::sin(2.0 * std::numbers::pi * frequency_hz * t));
  }
  return audio;
}

/// Reproducible noise in [-1, 1], nearly white.
inline Audio noise(double duration_s, int sample_rate_hz) {
  Audio audio;
  audio.sample_rate_hz = sample_rate_hz;
  audio.samples.resize(static_cast<std::size_t>(std::llround(duration_s * sample_rate_hz)));
  std::uint32_t state = 1;
  for (float& sample : audio.samples) {
    state = state * 1664525U + 1013904223U;
    sample = static_cast<float>(static_cast<double>(state) / 2147483648.0 - 1.0);
  }
  return audio;
}

/// Writes interleaved samples in any of libsndfile's formats.
inline void write_sound(const std::string& path, std::span<const float> interleaved, int channels,
                        int sample_rate_hz, int format = SF_FORMAT_WAV | SF_FORMAT_FLOAT) {
  SF_INFO info{};
  info.channels = channels;
  info.samplerate = sample_rate_hz;
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  sf_writef_float(file, interleaved.data(), static_cast<sf_count_t>(interleaved.size()) / channels);
  sf_close(file);
}

}  // namespace relax_spectro::test
