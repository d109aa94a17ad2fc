#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace relax_spectro {

/// No recording has more samples, at whatever rate: 8 GiB.
inline constexpr double kMostSamples = 2147483648.0;

/// One channel of sound.
struct Audio {
  std::vector<float> samples;  ///< full scale is [-1, 1]; never empty, always finite
  int sample_rate_hz = 0;
  double begin_s = 0.0;                    ///< of the samples, from the recording's start
  std::vector<std::string> warnings = {};  ///< of its file: it holds more than was read

  [[nodiscard]] double duration_s() const {
    return static_cast<double>(samples.size()) / sample_rate_hz;
  }
};

/// How a recording is read.
struct AudioOptions {
  std::optional<int> channel = {};     ///< 1 is the first; without it the mean of all channels
  bool trust_header = false;           ///< whatever rate, number of channels and length it says
  std::optional<double> begin_s = {};  ///< from where it is read, 0 or more
  std::optional<double> end_s = {};    ///< to where, beyond begin_s; without it, or behind the
                                       ///< recording's end: all of the rest

  /// The same without begin and end.
  [[nodiscard]] AudioOptions of_whole() const { return {channel, trust_header, {}, {}}; }
  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// Reads a recording (whatever libsndfile and libmpg123 read: wav, flac, ogg, mp3, aiff ...).
///
/// A header that says nothing of the length, or that was never finished, is no error: the file is
/// read to its end. A file that holds more than its header says gets a warning. Of a part, what
/// lies behind its end is neither decoded nor checked, and begin and end are those of the nearest
/// frames.
/// @throws ConfigError options out of range.
/// @throws IoError     the file is missing, a directory, unreadable or empty.
/// @throws AudioError  not a sound file, no frames, NaN or infinite samples, no such channel, less
///                     than the header promises, a part that begins behind the end; without
///                     trust_header also a rate outside 1 kHz to 2 MHz, more than 256 channels, or
///                     more than 600 s of sound out of fewer than 100 bytes a second.
[[nodiscard]] Audio read_audio(const std::filesystem::path& path, const AudioOptions& options = {});

/// Resamples with libsoxr's very high quality recipe. The length is round(length * to / from).
/// @throws ConfigError  the rate is not positive.
/// @throws AudioError   the result would be longer than kMostSamples.
[[nodiscard]] Audio resample(const Audio& audio, int sample_rate_hz);

}  // namespace relax_spectro
