#include "audio/sound_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "audio/decoder.hpp"
#include "audio/stated_length.hpp"
#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
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

/// Compares the decoded length with the promised one. @returns  warnings.
std::vector<std::string> check_length(const std::filesystem::path& path, const Decoder& decoder,
                                      const StatedLength& length) {
  std::vector<std::string> warnings = length.warnings;
  const auto promised = length.promised ? length.promised : decoder.stated_frames();
  const std::optional<std::string> failure = decoder.failure();
  if (promised) {
    auto more = compare_with_promise(path, *promised, decoder.decoded(), length.unit,
                                     "all of these were read", failure.value_or(""));
    if (more) warnings.push_back(std::move(*more));
  }
  // Here the header promises nothing, or all of it was read. The rest may still be sound.
  if (failure) {
    warnings.push_back(fmt::format("decoding stopped before the end of the file ({})", *failure));
  }
  return warnings;
}

}  // namespace

struct SoundReader::Impl {
  std::filesystem::path path;
  std::optional<int> channel;
  StatedLength length;
  std::unique_ptr<Decoder> decoder;
  LengthLimit limit;
  Part part;
  std::vector<float> block;
  double decoded = 0.0;  // frames
  double kept = 0.0;
  std::vector<std::string> warnings;

  Impl(std::filesystem::path recording, const AudioOptions& options)
      : path(std::move(recording)),
        channel(options.channel),
        length(stated_length(path)),
        decoder(open_decoder(path, length)),
        limit(path, decoder->sample_rate_hz(), options.trust_header),
        part(options, decoder->sample_rate_hz()),
        warnings(length.warnings) {
    if (!options.trust_header) require_plausible(path, *decoder);
    const int channels = decoder->channels();
    if (channel && (*channel < 1 || *channel > channels)) {
      throw AudioError(fmt::format("{}: there is no channel {}; the recording has {} channel{}",
                                   path.string(), *channel, channels, channels == 1 ? "" : "s"));
    }
    if (const auto stated = decoder->stated_frames()) {
      const auto frames = static_cast<double>(*stated);
      limit.check(frames, part.count_in(frames));
    }
    const auto count = static_cast<std::size_t>(channels);
    block.resize(std::max<std::size_t>(1, kBlockSamples / count) * count);
  }

  [[nodiscard]] double begin_s() const { return part.begin / decoder->sample_rate_hz(); }

  // The header is not trusted: memory grows with the samples that really exist, plus a little for
  // each of up to a thousand promised channels. A small file can still unpack to more than any
  // memory.
  bool read(std::vector<float>& interleaved) {
    const auto channels = static_cast<std::size_t>(decoder->channels());
    interleaved.clear();
    while (interleaved.empty() && decoded < part.end) {
      const std::size_t frames = decoder->read(block);
      if (frames == 0) {
        finish();
        return false;
      }
      const double after = decoded + static_cast<double>(frames);
      const auto taken = static_cast<std::ptrdiff_t>(part.count_in(after) - part.count_in(decoded));
      const auto skipped = static_cast<std::ptrdiff_t>(
          std::clamp(part.begin - decoded, 0.0, static_cast<double>(frames)));
      const auto first = block.begin() + skipped * static_cast<std::ptrdiff_t>(channels);
      interleaved.assign(first, first + taken * static_cast<std::ptrdiff_t>(channels));
      check_finite(interleaved);
      decoded = after;
      kept += static_cast<double>(taken);
      limit.check(decoded, kept);
    }
    return !interleaved.empty();
  }

  /// At the end of the file.
  void finish() {
    warnings = check_length(path, *decoder, length);
    if (kept > 0.0) return;
    if (part.begin > 0.0) {
      throw AudioError(
          fmt::format("{}: has no frames from {} s on; "
                      "expected a part that begins before the recording ends",
                      path.string(), begin_s()));
    }
    throw AudioError(fmt::format("{}: the recording has no frames (0 s)", path.string()));
  }

  void check_finite(std::span<const float> interleaved) const {
    std::vector<float> heard;
    append_channel(interleaved, decoder->channels(), channel, heard);
    const auto bad =
        std::ranges::find_if_not(heard, [](float sample) { return std::isfinite(sample); });
    if (bad == heard.end()) return;
    const double frame = kept + static_cast<double>(bad - heard.begin());
    throw AudioError(fmt::format(
        "{}: frame {:.0f} ({:.3f} s) is {}; samples must be finite: repair the recording",
        path.string(), frame, begin_s() + frame / decoder->sample_rate_hz(), *bad));
  }
};

SoundReader::SoundReader(const std::filesystem::path& path, const AudioOptions& options) {
  options.validate();
  require_readable_file(path);
  impl_ = std::make_unique<Impl>(path, options);
}
SoundReader::~SoundReader() = default;

bool SoundReader::read(std::vector<float>& interleaved) { return impl_->read(interleaved); }

Audio SoundReader::no_samples() const {
  return {{}, impl_->decoder->sample_rate_hz(), impl_->begin_s(), {}, impl_->decoder->channels()};
}

const std::vector<std::string>& SoundReader::warnings() const { return impl_->warnings; }

void append_channel(std::span<const float> interleaved, int channels, std::optional<int> channel,
                    std::vector<float>& samples) {
  const auto count = static_cast<std::size_t>(channels);
  for (std::size_t i = 0; i + count <= interleaved.size(); i += count) {
    if (channel) {
      samples.push_back(interleaved[i + static_cast<std::size_t>(*channel - 1)]);
      continue;
    }
    double sum = 0.0;
    for (std::size_t c = 0; c < count; ++c) sum += static_cast<double>(interleaved[i + c]);
    samples.push_back(static_cast<float>(sum / static_cast<double>(count)));
  }
}

}  // namespace relax_spectro::core
