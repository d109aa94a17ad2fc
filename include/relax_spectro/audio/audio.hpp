#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace relax_spectro {

/// The most samples that a recording may have at any rate: 8 GiB.
inline constexpr double kMostSamples = 2147483648.0;

/// One channel of sound.
struct Audio {
  std::vector<float> samples;  ///< full scale is [-1, 1]; never empty, always finite
  int sample_rate_hz = 0;
  double begin_s = 0.0;                    ///< time of the first sample, from the recording's start
  std::vector<std::string> warnings = {};  ///< about its file, such as samples that were not read
  int channels_of_file = 1;                ///< of which this is one, or the mean

  [[nodiscard]] double duration_s() const {
    return static_cast<double>(samples.size()) / sample_rate_hz;
  }
};

/// Which part and channel of a recording is read, and whether its header is trusted.
struct AudioOptions {
  std::optional<int> channel = {};     ///< 1 is the first; without it, the mean of all channels
  bool trust_header = false;           ///< accept any rate, number of channels and length
  std::optional<double> begin_s = {};  ///< start of the part, 0 or more
  std::optional<double> end_s = {};    ///< end of the part, after begin_s; without it, or beyond
                                       ///< the recording's end: all of the rest

  /// The same options for the whole recording.
  [[nodiscard]] AudioOptions of_whole() const { return {channel, trust_header, {}, {}}; }
  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// Reads a recording in any format of libsndfile and libmpg123 (wav, flac, ogg, mp3, aiff ...).
///
/// If the header states no length, or was never finished, the file is read to its end. If a file
/// contains more than its header states, there is a warning. For a part, samples after its end are
/// neither decoded nor checked, and begin and end are rounded to frames.
/// @throws ConfigError options out of range.
/// @throws IoError     the file is missing, a directory, unreadable or empty.
/// @throws AudioError  the file is not a recording, has no frames, or NaN or infinite samples. It
///                     has no such channel, or less than its header promises. The part begins after
///                     the end. Without trust_header also: a rate outside 1 kHz to 2 MHz, more than
///                     256 channels, or more than 600 s of sound at less than 100 bytes a second.
[[nodiscard]] Audio read_audio(const std::filesystem::path& path, const AudioOptions& options = {});

/// Resamples with libsoxr's very high quality recipe. The new length is round(length * to / from).
/// @throws ConfigError  the rate is not positive.
/// @throws AudioError   the result would be longer than kMostSamples.
[[nodiscard]] Audio resample(const Audio& audio, int sample_rate_hz);

}  // namespace relax_spectro
