#include "audio/sound_file.hpp"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kBlockFrames = 65536;
constexpr double kMostBytes = 4e9;  // of a wav whose sizes have 32 bits

}  // namespace

void write_wav(const std::filesystem::path& path, std::span<const Audio> channels,
               const std::string& comment) {
  const std::size_t frames = channels.front().samples.size();
  const std::size_t count = channels.size();
  SF_INFO info{};
  info.samplerate = channels.front().sample_rate_hz;
  info.channels = static_cast<int>(count);
  const bool is_large = 3.0 * static_cast<double>(frames * count) > kMostBytes;
  info.format = (is_large ? SF_FORMAT_RF64 : SF_FORMAT_WAV) | SF_FORMAT_PCM_24;
  const auto fail = [&path](const char* reason) {
    throw IoError(fmt::format("{}: cannot be written: {}", place_of(path).string(), reason));
  };
  SNDFILE* opened = sf_open(path.c_str(), SFM_WRITE, &info);
  if (opened == nullptr) fail(sf_strerror(nullptr));
  std::unique_ptr<SNDFILE, decltype(&sf_close)> file(opened, &sf_close);
  sf_command(opened, SFC_SET_CLIPPING, nullptr, SF_TRUE);
  sf_set_string(opened, SF_STR_SOFTWARE, own_mark().c_str());
  sf_set_string(opened, SF_STR_COMMENT, comment.c_str());
  std::vector<float> block;
  for (std::size_t begin = 0; begin < frames; begin += kBlockFrames) {
    const std::size_t end = std::min(begin + kBlockFrames, frames);
    block.clear();
    for (std::size_t n = begin; n < end; ++n) {
      for (const Audio& channel : channels) block.push_back(channel.samples[n]);
    }
    const auto wanted = static_cast<sf_count_t>(end - begin);
    if (sf_writef_float(opened, block.data(), wanted) != wanted) fail(sf_strerror(opened));
  }
  if (sf_close(file.release()) != 0) fail("the file could not be finished");
}

}  // namespace relax_spectro
