#include "relax_spectro/audio/audio.hpp"

#include <fmt/format.h>
#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "audio/sound_reader.hpp"
#include "base/require.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

void AudioOptions::validate() const {
  core::require(!begin_s || (std::isfinite(*begin_s) && *begin_s >= 0.0),
                fmt::format("begin is {} s; expected 0 s or more", begin_s.value_or(0.0)));
  core::require(!end_s || (std::isfinite(*end_s) && *end_s > begin_s.value_or(0.0)),
                fmt::format("end is {} s; expected more than the begin, {} s", end_s.value_or(0.0),
                            begin_s.value_or(0.0)));
}

Audio read_audio(const std::filesystem::path& path, const AudioOptions& options) {
  core::SoundReader reader(path, options);
  Audio audio = reader.no_samples();
  std::vector<float> block;
  while (reader.read(block)) {
    core::append_channel(block, audio.channels_of_file, options.channel, audio.samples);
  }
  audio.warnings = reader.warnings();
  return audio;
}

Audio resample(const Audio& audio, int sample_rate_hz) {
  if (sample_rate_hz <= 0) {
    throw ConfigError(fmt::format("sample_rate_hz is {}; expected more than 0", sample_rate_hz));
  }
  if (sample_rate_hz == audio.sample_rate_hz) return audio;

  const double length = static_cast<double>(audio.samples.size()) * sample_rate_hz /
                        static_cast<double>(audio.sample_rate_hz);
  if (length > kMostSamples) {
    throw AudioError(fmt::format(
        "{:.0f} s at {} Hz resampled to {} Hz would be {:.3g} samples; expected at most {:.3g}: "
        "cut the recording into pieces, or check its sample rate",
        audio.duration_s(), audio.sample_rate_hz, sample_rate_hz, length, kMostSamples));
  }
  Audio result;
  result.sample_rate_hz = sample_rate_hz;
  result.samples.resize(static_cast<std::size_t>(std::max(1.0, std::round(length))));
  const soxr_quality_spec_t quality = soxr_quality_spec(SOXR_VHQ, 0);
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const soxr_error_t error =
      soxr_oneshot(audio.sample_rate_hz, sample_rate_hz, 1, audio.samples.data(),
                   audio.samples.size(), &consumed, result.samples.data(), result.samples.size(),
                   &produced, nullptr, &quality, nullptr);
  if (error != nullptr) {
    throw AudioError(fmt::format("resampling from {} Hz to {} Hz failed: {}", audio.sample_rate_hz,
                                 sample_rate_hz, soxr_strerror(error)));
  }
  return result;  // soxr may leave up to one frame at the end unwritten: it stays silent
}

}  // namespace relax_spectro
