#include "audio/sound_file.hpp"

#include <fmt/format.h>
#include <sndfile.h>

#include <string_view>
#include <utility>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {
namespace {

constexpr double kMostBytes = 4e9;  // of a wav whose sizes have 32 bits

/// Without libsndfile's words around those of the system.
std::string reason_of(SNDFILE* file) {
  std::string_view text = sf_strerror(file);
  constexpr std::string_view kSystem = "System error : ";
  if (text.starts_with(kSystem)) text.remove_prefix(kSystem.size());
  while (text.ends_with('.')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

struct WavWriter::Impl {
  std::filesystem::path path;
  std::size_t channels = 0;
  std::unique_ptr<SNDFILE, decltype(&sf_close)> file{nullptr, &sf_close};

  [[noreturn]] void fail(const std::string& reason) const {
    throw IoError(fmt::format("{}: cannot be written: {}", place_of(path).string(), reason));
  }
};

WavWriter::WavWriter(std::filesystem::path path, int sample_rate_hz, std::size_t channels,
                     SampleFormat format, std::size_t most_frames, const std::string& comment)
    : impl_(std::make_unique<Impl>()) {
  impl_->path = std::move(path);
  impl_->channels = channels;
  SF_INFO info{};
  info.samplerate = sample_rate_hz;
  info.channels = static_cast<int>(channels);
  const std::size_t bytes = format == SampleFormat::pcm_24 ? 3 : 4;
  const bool is_large =
      static_cast<double>(bytes * channels) * static_cast<double>(most_frames) > kMostBytes;
  info.format = (is_large ? SF_FORMAT_RF64 : SF_FORMAT_WAV) |
                (format == SampleFormat::pcm_24 ? SF_FORMAT_PCM_24 : SF_FORMAT_FLOAT);
  impl_->file.reset(sf_open(impl_->path.c_str(), SFM_WRITE, &info));
  SNDFILE* file = impl_->file.get();
  if (file == nullptr) impl_->fail(reason_of(nullptr));
  sf_command(file, SFC_SET_CLIPPING, nullptr, SF_TRUE);
  sf_set_string(file, SF_STR_SOFTWARE, own_mark().c_str());
  sf_set_string(file, SF_STR_COMMENT, comment.c_str());
}
WavWriter::~WavWriter() = default;

void WavWriter::write(std::span<const float> interleaved) {
  const auto frames = static_cast<sf_count_t>(interleaved.size() / impl_->channels);
  SNDFILE* file = impl_->file.get();
  if (sf_writef_float(file, interleaved.data(), frames) != frames) impl_->fail(reason_of(file));
}

void WavWriter::finish() {
  if (sf_close(impl_->file.release()) != 0) impl_->fail("the file could not be finished");
}

std::vector<float> interleaved(std::span<const Audio> channels) {
  std::vector<float> samples;
  for (std::size_t n = 0; n < channels.front().samples.size(); ++n) {
    for (const Audio& channel : channels) samples.push_back(channel.samples[n]);
  }
  return samples;
}

}  // namespace relax_spectro
