#include "relax_spectro/audio/audio.hpp"

#include <fmt/format.h>
#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "audio/decoder.hpp"
#include "audio/stated_length.hpp"
#include "base/require.hpp"
#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kBlockSamples = 131072;  // over all channels

// From infrasound to acoustic emission. A damaged header usually gives a rate far outside.
constexpr int kLowestRateHz = 1000;
constexpr int kHighestRateHz = 2'000'000;
constexpr int kMostChannels = 256;

// No codec uses fewer than 100 bytes for a second of sound, except for silence. A damaged header is
// the other explanation. Short files may be that small.
constexpr double kFewestBytesPerSecond = 100.0;
constexpr double kAlwaysPlausibleS = 600.0;
constexpr int kEverydayRateHz = 48000;

constexpr const char* kIfMeant =
    "Repair the header, or use --trust-header if the recording is meant to be so";

void require_plausible(const std::filesystem::path& path, const core::Decoder& decoder) {
  const int rate_hz = decoder.sample_rate_hz();
  if (rate_hz < kLowestRateHz || rate_hz > kHighestRateHz) {
    throw AudioError(
        fmt::format("{}: its header says that its sample rate is {} Hz; expected {} to {} Hz. {}",
                    path.string(), rate_hz, kLowestRateHz, kHighestRateHz, kIfMeant));
  }
  if (decoder.channels() > kMostChannels) {
    throw AudioError(fmt::format("{}: its header says {} channels; expected at most {}. {}",
                                 path.string(), decoder.channels(), kMostChannels, kIfMeant));
  }
}

/// Refuses recordings whose length does not match their file's size, before and during decoding.
class LengthLimit {
 public:
  LengthLimit(const std::filesystem::path& path, int rate_hz, bool trust_header)
      : path_(path), bytes_(std::filesystem::file_size(path)) {
    const double always = kAlwaysPlausibleS * std::min(rate_hz, kEverydayRateHz);
    const double by_bytes = static_cast<double>(bytes_) / kFewestBytesPerSecond * rate_hz;
    if (!trust_header) plausible_frames_ = std::max(always, by_bytes);
    rate_hz_ = rate_hz;
  }

  /// @param frames  of the recording.
  /// @param kept    those that are kept in memory.
  void check(double frames, double kept) const {
    if (frames > plausible_frames_) {
      throw AudioError(fmt::format(
          "{}: has {} bytes, but holds more than {:.0f} s of sound; expected at least {:.0f} bytes "
          "a second. {}",
          path_.string(), bytes_, plausible_frames_ / rate_hz_, kFewestBytesPerSecond, kIfMeant));
    }
    if (kept > kMostSamples) {
      throw AudioError(
          fmt::format("{}: has more than {:.3g} frames; expected at most that many. "
                      "Read a part of it (--begin, --end)",
                      path_.string(), kMostSamples));
    }
  }

 private:
  const std::filesystem::path& path_;
  std::uintmax_t bytes_;
  double plausible_frames_ = kMostSamples;
  int rate_hz_ = 0;
};

/// Appends one channel of interleaved frames, or the mean of all channels.
void append_channel(std::span<const float> interleaved, std::size_t channels,
                    std::optional<int> channel, std::vector<float>& samples) {
  for (std::size_t i = 0; i + channels <= interleaved.size(); i += channels) {
    if (channel) {
      samples.push_back(interleaved[i + static_cast<std::size_t>(*channel - 1)]);
      continue;
    }
    double sum = 0.0;
    for (std::size_t c = 0; c < channels; ++c) sum += static_cast<double>(interleaved[i + c]);
    samples.push_back(static_cast<float>(sum / static_cast<double>(channels)));
  }
}

/// Frames [begin, end) of a recording.
struct Part {
  double begin = 0.0;
  double end = std::numeric_limits<double>::infinity();

  Part(const AudioOptions& options, int rate_hz) {
    if (options.begin_s) begin = std::round(*options.begin_s * rate_hz);
    if (options.end_s) end = std::round(*options.end_s * rate_hz);
  }

  /// How many of the first `frames` frames belong to the part.
  [[nodiscard]] double count_in(double frames) const {
    return std::max(0.0, std::min(frames, end) - begin);
  }
};

// The header is not trusted: memory grows with the samples that really exist, plus a little for
// each of up to a thousand promised channels. A small file can still unpack to more than any
// memory.
std::vector<float> read_samples(core::Decoder& decoder, std::optional<int> channel,
                                const Part& part, const LengthLimit& limit) {
  const auto channels = static_cast<std::size_t>(decoder.channels());
  std::vector<float> block(std::max<std::size_t>(1, kBlockSamples / channels) * channels);
  std::vector<float> samples;
  double read = 0.0;  // frames
  while (read < part.end) {
    const std::size_t frames = decoder.read(block);
    if (frames == 0) break;
    const auto taken = static_cast<std::size_t>(part.count_in(read + static_cast<double>(frames)) -
                                                part.count_in(read));
    const auto skipped =
        static_cast<std::size_t>(std::clamp(part.begin - read, 0.0, static_cast<double>(frames)));
    append_channel(std::span<const float>(block).subspan(skipped * channels, taken * channels),
                   channels, channel, samples);
    read += static_cast<double>(frames);
    limit.check(read, static_cast<double>(samples.size()));
  }
  return samples;
}

/// Compares the decoded length with the promised one. @returns  warnings.
std::vector<std::string> check_length(const std::filesystem::path& path,
                                      const core::Decoder& decoder,
                                      const core::StatedLength& length) {
  std::vector<std::string> warnings = length.warnings;
  const auto promised = length.promised ? length.promised : decoder.stated_frames();
  const std::optional<std::string> failure = decoder.failure();
  if (promised) {
    auto more = core::compare_with_promise(path, *promised, decoder.decoded(), length.unit,
                                           "all of these were read", failure.value_or(""));
    if (more) warnings.push_back(std::move(*more));
  }
  // Here the header promises nothing, or all of it was read. The rest may still be sound.
  if (failure) {
    warnings.push_back(fmt::format("decoding stopped before the end of the file ({})", *failure));
  }
  return warnings;
}

void check_samples(const std::filesystem::path& path, const Audio& audio) {
  const std::vector<float>& samples = audio.samples;
  if (samples.empty() && audio.begin_s > 0.0) {
    throw AudioError(
        fmt::format("{}: has no frames from {} s on; "
                    "expected a part that begins before the recording ends",
                    path.string(), audio.begin_s));
  }
  if (samples.empty()) {
    throw AudioError(fmt::format("{}: the recording has no frames (0 s)", path.string()));
  }
  const auto bad = std::find_if_not(samples.begin(), samples.end(),
                                    [](float sample) { return std::isfinite(sample); });
  if (bad != samples.end()) {
    const auto index = bad - samples.begin();
    throw AudioError(
        fmt::format("{}: frame {} ({:.3f} s) is {}; samples must be finite: repair the recording",
                    path.string(), index,
                    audio.begin_s + static_cast<double>(index) / audio.sample_rate_hz, *bad));
  }
}

}  // namespace

void AudioOptions::validate() const {
  core::require(!begin_s || (std::isfinite(*begin_s) && *begin_s >= 0.0),
                fmt::format("begin is {} s; expected 0 s or more", begin_s.value_or(0.0)));
  core::require(!end_s || (std::isfinite(*end_s) && *end_s > begin_s.value_or(0.0)),
                fmt::format("end is {} s; expected more than the begin, {} s", end_s.value_or(0.0),
                            begin_s.value_or(0.0)));
}

Audio read_audio(const std::filesystem::path& path, const AudioOptions& options) {
  options.validate();
  core::require_readable_file(path);
  const core::StatedLength length = core::stated_length(path);
  const std::unique_ptr<core::Decoder> decoder = core::open_decoder(path, length);
  if (!options.trust_header) require_plausible(path, *decoder);
  const std::optional<int> channel = options.channel;
  if (channel && (*channel < 1 || *channel > decoder->channels())) {
    throw AudioError(fmt::format("{}: there is no channel {}; the recording has {} channel{}",
                                 path.string(), *channel, decoder->channels(),
                                 decoder->channels() == 1 ? "" : "s"));
  }
  const LengthLimit limit(path, decoder->sample_rate_hz(), options.trust_header);
  const Part part(options, decoder->sample_rate_hz());
  if (const auto stated = decoder->stated_frames()) {
    const auto frames = static_cast<double>(*stated);
    limit.check(frames, part.count_in(frames));
  }
  Audio audio;
  audio.sample_rate_hz = decoder->sample_rate_hz();
  audio.begin_s = part.begin / audio.sample_rate_hz;
  audio.channels_of_file = decoder->channels();
  audio.samples = read_samples(*decoder, channel, part, limit);
  const bool is_to_the_end = static_cast<double>(audio.samples.size()) < part.end - part.begin;
  audio.warnings = is_to_the_end ? check_length(path, *decoder, length) : length.warnings;
  check_samples(path, audio);
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
