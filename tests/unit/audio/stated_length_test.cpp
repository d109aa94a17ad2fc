#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/file_edits.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using namespace std::string_literals;
using test::bytes_of;
using test::content_of;
using test::TemporaryFolder;
using test::write_content;

namespace {

constexpr int kRate = 16000;
constexpr std::size_t kFrames = 24000;

/// A container format, and where its header stores the size of the samples.
struct Container {
  std::string name;
  int format;
  std::string_view mark;  // of the field
  std::size_t behind;     // the mark's beginning
  std::size_t bytes;
  bool is_big_endian;
  std::uint64_t surplus;  // included in the size, in addition to the samples
};

const std::vector<Container> kContainers{
    {"a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, "data", 4, 4, false, 0},
    {"rifx.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, "data", 4, 4, true, 0},
    {"a.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16, "ds64", 16, 8, false, 0},
    {"a.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, "data", 16, 8, false, 24},
    {"a.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, "SSND", 4, 4, true, 8},
    {"a.aifc", SF_FORMAT_AIFF | SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, "SSND", 4, 4, true, 8},
    {"a.svx", SF_FORMAT_SVX | SF_FORMAT_PCM_16, "BODY", 4, 4, true, 0},
    {"a.au", SF_FORMAT_AU | SF_FORMAT_PCM_16, ".snd", 8, 4, true, 0},
    {"a.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16, "data", 4, 8, true, 4}};

std::filesystem::path write_recording(const TemporaryFolder& folder, const std::string& name,
                                      int format) {
  auto path = folder / name;
  test::write_sound(path, test::noise(1.5, kRate).samples, 1, kRate, format);
  return path;
}

void state_bytes(const std::filesystem::path& path, const Container& container,
                 std::uint64_t samples) {
  test::patch(path, container.mark, container.behind,
              bytes_of(samples + container.surplus, container.bytes, container.is_big_endian));
}

std::string error_of(const std::filesystem::path& path) {
  try {
    static_cast<void>(read_audio(path));
  } catch (const AudioError& error) {
    return error.what();
  }
  return "no error";
}

std::string only_warning(const Audio& audio) {
  REQUIRE(audio.warnings.size() == 1);
  return audio.warnings.front();
}

/// A silent frame of MPEG 1, layer III, mono, 44.1 kHz.
std::string mpeg_frame(std::size_t bitrate_index, std::string_view tag = {}) {
  constexpr int kKilobits[] = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
  constexpr std::size_t kSideInfo = 17;
  std::string frame = "\xFF\xFB"s + static_cast<char>(bitrate_index << 4U) + '\xC4';
  frame += std::string(kSideInfo, '\0');
  frame += tag;
  frame.resize(static_cast<std::size_t>(144 * 1000 * kKilobits[bitrate_index] / 44100), '\0');
  return frame;
}

std::string mpeg_frames(std::size_t bitrate_index, std::size_t count) {
  std::string frames;
  for (std::size_t i = 0; i < count; ++i) frames += mpeg_frame(bitrate_index);
  return frames;
}

std::string info_frame(std::uint64_t frames) {
  return mpeg_frame(9, "Info"s + bytes_of(1, 4, true) + bytes_of(frames, 4, true));
}

constexpr std::size_t kMpegFrame = 1152;
constexpr std::size_t kDecoderDelay = 529;  // skipped if there is an Info header

}  // namespace

TEST_CASE("what is whole is read without a word, in every container") {
  const TemporaryFolder folder;
  for (const Container& container : kContainers) {
    INFO(container.name);
    const Audio audio = read_audio(write_recording(folder, container.name, container.format));
    CHECK(audio.samples.size() == kFrames);
    CHECK(audio.warnings.empty());
  }
}

TEST_CASE("what is cut is refused, saying how much is there, in every container") {
  const TemporaryFolder folder;
  for (const Container& container : kContainers) {
    INFO(container.name);
    const auto path = write_recording(folder, container.name, container.format);
    test::truncate(path, 0.6);
    CHECK_THAT(error_of(path), Catch::Contains("truncated") && Catch::Contains("48000 bytes"));
  }
  const auto flac = write_recording(folder, "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  test::truncate(flac, 0.6);
  CHECK_THAT(error_of(flac), Catch::Contains("promises 24000 frames"));
  for (const int format :
       {SF_FORMAT_AVR, SF_FORMAT_NIST, SF_FORMAT_MPC2K, SF_FORMAT_VOC, SF_FORMAT_MAT4}) {
    const auto rare = write_recording(folder, "rare", format | SF_FORMAT_PCM_16);
    CHECK(read_audio(rare).samples.size() == kFrames);
    test::truncate(rare, 0.6);
    INFO(format);
    CHECK_THAT(error_of(rare), Catch::Contains("truncated") && Catch::Contains("frames"));
  }
}

TEST_CASE("sizes that stand for unknown are no promise, in every container") {
  const TemporaryFolder folder;
  for (const Container& container : kContainers) {
    const auto path = write_recording(folder, container.name, container.format);
    std::vector<std::uint64_t> sizes{~std::uint64_t{0}};
    if (container.bytes == 4) sizes = {0xFFFFFFFF, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFDB};
    for (const std::uint64_t size : sizes) {
      INFO(container.name << " with a size of " << size);
      state_bytes(path, container, size - container.surplus);
      const Audio audio = read_audio(path);
      CHECK(audio.samples.size() == kFrames);
      CHECK(audio.warnings.empty());
    }
  }
}

TEST_CASE("samples behind a size of 0 are read, with a warning, in every container") {
  const TemporaryFolder folder;
  for (const Container& container : kContainers) {
    INFO(container.name);
    const auto path = write_recording(folder, container.name, container.format);
    state_bytes(path, container, 0);
    const Audio audio = read_audio(path);
    CHECK(audio.samples.size() == kFrames);
    CHECK_THAT(only_warning(audio), Catch::Contains("never finished"));
  }
}

TEST_CASE("samples behind those that were promised are warned of, chunks are not") {
  const TemporaryFolder folder;
  for (const Container& container : kContainers) {
    INFO(container.name);
    const auto path = write_recording(folder, container.name, container.format);
    state_bytes(path, container, kFrames);
    const Audio audio = read_audio(path);
    CHECK(audio.samples.size() == kFrames / 2);
    CHECK_THAT(only_warning(audio),
               Catch::Contains("promises 24000 bytes of samples, the file holds 48000"));
  }
  const auto wav = write_recording(folder, "list.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  write_content(wav, content_of(wav) + "LIST" + bytes_of(20, 4) + std::string(20, 'x'));
  CHECK(read_audio(wav).warnings.empty());
}

TEST_CASE("FLACs are read to their end, whatever their header says") {
  const TemporaryFolder folder;
  const auto path = write_recording(folder, "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  const std::string whole = content_of(path);
  constexpr std::size_t kTotalAt = 22;  // the lower four bytes of the number of frames
  test::patch(path, "fLaC", kTotalAt, bytes_of(0, 4));
  CHECK(read_audio(path).samples.size() == kFrames);
  CHECK(read_audio(path).warnings.empty());
  test::patch(path, "fLaC", kTotalAt, bytes_of(12000, 4, true));
  CHECK(read_audio(path).samples.size() == kFrames);
  CHECK_THAT(only_warning(read_audio(path)), Catch::Contains("promises 12000 frames"));
  test::patch(path, "fLaC", kTotalAt, bytes_of(1, 4, true));
  CHECK_THAT(only_warning(read_audio(path)), Catch::Contains("promises 1 frame,"));
  write_content(path, whole + whole);
  CHECK(read_audio(path).samples.size() == kFrames);
  CHECK_THAT(only_warning(read_audio(path)), Catch::Contains("stopped before the end of the file"));
  write_content(path, "ID3\4\0\0\0\0\0\x08"s + std::string(8, '\0') + whole);
  CHECK(read_audio(path).samples.size() == kFrames);
}

TEST_CASE("an Ogg without its last page is cut, one behind another is warned of") {
  const TemporaryFolder folder;
  const auto format = GENERATE(as<int>(), SF_FORMAT_VORBIS, SF_FORMAT_OPUS);
  const auto path = write_recording(folder, "a.ogg", SF_FORMAT_OGG | format);
  const std::string whole = content_of(path);
  CHECK(read_audio(path).samples.size() == kFrames);
  CHECK(read_audio(path).warnings.empty());
  write_content(path, whole + whole);
  CHECK(read_audio(path).samples.size() == kFrames);
  CHECK_THAT(only_warning(read_audio(path)), Catch::Contains("2 recordings"));
  // Between the last two pages, and within the last one.
  for (const std::size_t end : {whole.rfind("OggS"), whole.rfind("OggS") + 40, whole.size() - 1}) {
    write_content(path, whole.substr(0, end));
    CHECK_THAT(error_of(path), Catch::Contains("truncated") && Catch::Contains("end-of-stream"));
  }
}

TEST_CASE("mp3s that promise nothing are read to their end") {
  const TemporaryFolder folder;
  const auto path = folder / "a.mp3";
  const std::string frames = mpeg_frames(1, 10) + mpeg_frames(9, 40);  // 32, then 128 kbit/s
  for (const std::string& before :
       {std::string(), info_frame(0), "ID3\4\0\0\0\0\0\x08"s + std::string(8 + 100, '\0')}) {
    write_content(path, before + frames);
    const Audio audio = read_audio(path);
    CHECK(audio.samples.size() == 50 * kMpegFrame);
    CHECK(audio.warnings.empty());
  }
}

TEST_CASE("mp3s are compared with their Info header") {
  const TemporaryFolder folder;
  const auto path = folder / "a.mp3";
  const std::string whole = info_frame(50) + mpeg_frames(9, 50);
  write_content(path, whole);
  CHECK(read_audio(path).samples.size() == 50 * kMpegFrame - kDecoderDelay);
  CHECK(read_audio(path).warnings.empty());
  write_content(path, whole + std::string(4000, '\0'));
  CHECK(read_audio(path).warnings.empty());
  test::truncate(path, 0.5);
  CHECK_THAT(error_of(path), Catch::Contains("truncated") && Catch::Contains("50 MPEG frames"));
  write_content(path, whole + whole);
  const Audio joined = read_audio(path);
  CHECK(joined.samples.size() >= 100 * kMpegFrame - kDecoderDelay);
  CHECK_THAT(only_warning(joined), Catch::Contains("all of these were read"));
}
