#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace relax_spectro {

/// No recording has more samples, at whatever rate: 8 GiB.
inline constexpr double kMostSamples = 2147483648.0;

/// One channel of sound.
struct Audio {
  std::vector<float> samples;  ///< full scale is [-1, 1]; never empty, always finite
  int sample_rate_hz = 0;

  [[nodiscard]] double duration_s() const {
    return static_cast<double>(samples.size()) / sample_rate_hz;
  }
};

/// Reads a recording (whatever libsndfile reads: wav, flac, ogg, mp3, aiff ...).
///
/// @param channel  which channel to take, 1 being the first; without it the mean of all channels.
/// @throws IoError     the file is missing, a directory, unreadable or empty.
/// @throws AudioError  not a sound file, no frames, NaN or infinite samples, truncated data, a
///                     header that promises more than the file holds, or no such channel.
[[nodiscard]] Audio read_audio(const std::filesystem::path& path,
                               std::optional<int> channel = std::nullopt);

/// How long a recording is, in seconds, as its header has it. Nothing where it does not say, or
/// cannot be read: read_audio says why.
[[nodiscard]] std::optional<double> header_duration_s(const std::filesystem::path& path);

/// Resamples with libsoxr's very high quality recipe. The length is round(length * to / from).
/// @throws ConfigError  the rate is not positive.
/// @throws AudioError   the result would be longer than kMostSamples.
[[nodiscard]] Audio resample(const Audio& audio, int sample_rate_hz);

}  // namespace relax_spectro
