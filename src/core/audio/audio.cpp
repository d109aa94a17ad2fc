#include "relax_spectro/audio/audio.hpp"

#include <fmt/format.h>
#include <sndfile.h>
#include <soxr.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

struct SndfileCloser {
  void operator()(SNDFILE* file) const { sf_close(file); }
};
using SndfileHandle = std::unique_ptr<SNDFILE, SndfileCloser>;

constexpr std::size_t kBlockSamples = 131072;  // of all channels together

/// How many bytes the `data` chunk of a RIFF file promises and how many follow it in the file.
struct DataChunk {
  std::uint64_t promised_bytes = 0;
  std::uint64_t present_bytes = 0;
};

// Note [Why the data chunk is read by hand]
// libsndfile quietly shortens a wav whose header promises more than the file holds, and gives no
// way to ask. A recording that was cut off while being copied would be explained as if it were
// whole, so the chunk sizes are compared with the file's here.
std::optional<DataChunk> find_data_chunk(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::array<char, 12> riff{};
  if (!file.read(riff.data(), riff.size()) || std::string_view(riff.data(), 4) != "RIFF" ||
      std::string_view(riff.data() + 8, 4) != "WAVE") {
    return std::nullopt;
  }
  const std::uint64_t file_bytes = std::filesystem::file_size(path);
  std::uint64_t position = riff.size();
  std::array<unsigned char, 8> header{};
  while (file.read(reinterpret_cast<char*>(header.data()), header.size())) {
    position += header.size();
    const std::uint64_t size = header[4] | (std::uint64_t{header[5]} << 8) |
                               (std::uint64_t{header[6]} << 16) | (std::uint64_t{header[7]} << 24);
    if (std::string_view(reinterpret_cast<const char*>(header.data()), 4) == "data") {
      return DataChunk{size, file_bytes - position};
    }
    position += size + size % 2;
    file.seekg(static_cast<std::streamoff>(position));
  }
  return std::nullopt;
}

void check_data_chunk(const std::filesystem::path& path) {
  // 0 and 0xFFFFFFFF stand for "not known" in files that were written to a pipe.
  constexpr std::uint64_t kUnknown = 0xFFFFFFFF;
  const std::optional<DataChunk> chunk = find_data_chunk(path);
  if (chunk && chunk->promised_bytes != kUnknown && chunk->promised_bytes > chunk->present_bytes) {
    throw AudioError(fmt::format(
        "{}: truncated: its header promises {} bytes of samples, the file holds {}; copy or record "
        "it again, or rewrite its header with an audio editor",
        path.string(), chunk->promised_bytes, chunk->present_bytes));
  }
}

SndfileHandle open_sound(const std::filesystem::path& path, SF_INFO& info) {
  core::require_readable_file(path);
  SndfileHandle file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file) {
    throw AudioError(fmt::format(
        "{}: not a recording that libsndfile can read ({}); expected wav, flac, ogg, mp3, aiff or "
        "another of its formats",
        path.string(), sf_strerror(nullptr)));
  }
  check_data_chunk(path);
  return file;
}

/// Appends one channel, or the mean of all, of interleaved frames.
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

// The header is not trusted: memory grows with what is really there, by a little for each of the
// thousand channels that it may promise. A small file may still unpack to more than any memory.
std::vector<float> read_samples(const std::filesystem::path& path, SNDFILE* file,
                                const SF_INFO& info, std::optional<int> channel) {
  const auto channels = static_cast<std::size_t>(info.channels);
  const std::size_t block_frames = std::max<std::size_t>(1, kBlockSamples / channels);
  std::vector<float> block(block_frames * channels);
  std::vector<float> samples;
  sf_count_t frames_read = 0;
  while ((frames_read = sf_readf_float(file, block.data(), static_cast<sf_count_t>(block_frames))) >
         0) {
    const auto values = static_cast<std::size_t>(frames_read) * channels;
    append_channel(std::span<const float>(block).first(values), channels, channel, samples);
    if (static_cast<double>(samples.size()) > kMostSamples) {
      throw AudioError(
          fmt::format("{}: has more than {:.3g} frames; expected at most that many: cut the "
                      "recording into pieces",
                      path.string(), kMostSamples));
    }
  }
  return samples;
}

void check_samples(const std::filesystem::path& path, const std::vector<float>& samples,
                   const SF_INFO& info, const char* decoder_message) {
  // SF_COUNT_MAX is libsndfile's "not known".
  const bool length_known = info.frames < SF_COUNT_MAX;
  if (length_known && std::cmp_less(samples.size(), info.frames)) {
    throw AudioError(fmt::format(
        "{}: truncated: its header promises {} frames, only {} could be decoded ({}); copy or "
        "record it again",
        path.string(), info.frames, samples.size(), decoder_message));
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
                    path.string(), index, static_cast<double>(index) / info.samplerate, *bad));
  }
}

}  // namespace

Audio read_audio(const std::filesystem::path& path, std::optional<int> channel) {
  SF_INFO info{};
  const SndfileHandle file = open_sound(path, info);
  if (channel && (*channel < 1 || *channel > info.channels)) {
    throw AudioError(fmt::format("{}: there is no channel {}; the recording has {} (1 to {})",
                                 path.string(), *channel, info.channels, info.channels));
  }
  Audio audio;
  audio.sample_rate_hz = info.samplerate;
  audio.samples = read_samples(path, file.get(), info, channel);
  check_samples(path, audio.samples, info, sf_strerror(file.get()));
  return audio;
}

std::optional<double> header_duration_s(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return std::nullopt;  // a pipe is read once
  SF_INFO info{};
  const SndfileHandle file(sf_open(path.c_str(), SFM_READ, &info));
  if (!file || info.samplerate <= 0 || info.frames <= 0) return std::nullopt;
  if (static_cast<double>(info.frames) > kMostSamples) return std::nullopt;  // or not known
  return static_cast<double>(info.frames) / info.samplerate;
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
        "cut "
        "the recording into pieces, or check its sample rate",
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
  return result;  // what soxr left unwritten at the end, a frame at most, is silence
}

}  // namespace relax_spectro
