#include "relax_spectro/audio/audio.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/file_edits.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using test::TemporaryFolder;
using test::write_sound;

namespace {

std::string audio_error_of(const std::filesystem::path& path) {
  try {
    static_cast<void>(read_audio(path));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("channels are averaged, or one is chosen") {
  const TemporaryFolder folder;
  const auto path = folder / "stereo.wav";
  write_sound(path, std::vector<float>{0.5F, -0.25F, 1.0F, 0.0F}, 2, 8000);
  CHECK(read_audio(path).samples == std::vector<float>{0.125F, 0.5F});
  CHECK(read_audio(path, {1}).samples == std::vector<float>{0.5F, 1.0F});
  CHECK(read_audio(path, {2}).samples == std::vector<float>{-0.25F, 0.0F});
  CHECK_THROWS_AS(read_audio(path, {3}), AudioError);
  CHECK_THROWS_AS(read_audio(path, {0}), AudioError);
}

TEST_CASE("many channels are read in small blocks") {
  const TemporaryFolder folder;
  const auto path = folder / "array.wav";
  constexpr std::size_t kChannels = 1000;
  constexpr std::size_t kFrames = 300;
  std::vector<float> samples(kChannels * kFrames);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t frame = i / kChannels;
    samples[i] = static_cast<float>(frame) / static_cast<float>(kFrames);
  }
  write_sound(path, samples, kChannels, 8000);
  const Audio audio = read_audio(path, {{}, true});
  REQUIRE(audio.samples.size() == kFrames);
  for (std::size_t i = 0; i < kFrames; ++i) {
    CHECK(audio.samples[i] == Approx(static_cast<double>(i) / kFrames));
  }
}

TEST_CASE("integer samples are divided by full scale") {
  const TemporaryFolder folder;
  const auto path = folder / "pcm.wav";
  write_sound(path, std::vector<float>{0.5F, -1.0F, 0.25F}, 1, 16000,
              SF_FORMAT_WAV | SF_FORMAT_PCM_16);
  const Audio audio = read_audio(path);
  CHECK(audio.sample_rate_hz == 16000);
  CHECK(audio.samples[0] == Approx(0.5).margin(1.0 / 32768));
  CHECK(audio.samples[1] == Approx(-1.0).margin(1.0 / 32768));
}

TEST_CASE("flac, ogg and aiff are read as wav is") {
  const TemporaryFolder folder;
  const Audio tone = test::sine(440.0, 0.5, 16000, 0.5);
  const auto [name, format] =
      GENERATE(table<std::string, int>({{"a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24},
                                        {"a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
                                        {"a.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16}}));
  write_sound(folder / name, tone.samples, 1, 16000, format);
  const Audio audio = read_audio(folder / name);
  REQUIRE(audio.samples.size() == tone.samples.size());
  double error = 0.0;
  for (std::size_t n = 0; n < audio.samples.size(); ++n) {
    error += std::pow(static_cast<double>(audio.samples[n] - tone.samples[n]), 2);
  }
  CHECK(std::sqrt(error / static_cast<double>(audio.samples.size())) < 0.02);
}

TEST_CASE("a file that is not there, a folder and an empty file are told apart") {
  const TemporaryFolder folder;
  std::ofstream(folder / "empty.wav").close();
  std::filesystem::create_directory(folder / "folder.wav");
  CHECK_THAT(audio_error_of(folder / "missing.wav"), Catch::Contains("missing.wav: no such file"));
  CHECK_THAT(audio_error_of(folder / "folder.wav"), Catch::Contains("is a folder"));
  CHECK_THAT(audio_error_of(folder / "empty.wav"), Catch::Contains("empty (0 bytes)"));
}

TEST_CASE("what is not sound, or has no frames, is refused") {
  const TemporaryFolder folder;
  std::ofstream(folder / "text.wav") << "this is text, not sound";
  write_sound(folder / "none.wav", {}, 1, 8000);
  CHECK_THAT(audio_error_of(folder / "text.wav"), Catch::Contains("not a recording"));
  CHECK_THAT(audio_error_of(folder / "none.wav"), Catch::Contains("no frames"));
}

TEST_CASE("NaN and infinite samples are refused with their place") {
  const TemporaryFolder folder;
  const float bad =
      GENERATE(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity());
  std::vector<float> samples(100, 0.1F);
  samples[40] = bad;
  write_sound(folder / "bad.wav", samples, 1, 1000);
  CHECK_THAT(audio_error_of(folder / "bad.wav"), Catch::Contains("frame 40 (0.040 s)"));
}

TEST_CASE("headers that are implausible are refused by name, unless they are meant") {
  const TemporaryFolder folder;
  const std::vector<float> samples(512, 0.5F);
  const auto refused = [&](const std::string& name, std::string_view what) {
    CHECK_THAT(audio_error_of(folder / name),
               Catch::Contains(std::string(what)) && Catch::Contains("--trust-header"));
    CHECK(!read_audio(folder / name, {{}, true}).samples.empty());
  };
  write_sound(folder / "slow.wav", samples, 1, 999);
  refused("slow.wav", "its sample rate is 999 Hz");
  write_sound(folder / "fast.wav", samples, 1, 2'000'001);
  refused("fast.wav", "its sample rate is 2000001 Hz");
  write_sound(folder / "wide.wav", samples, 256, 8000);
  CHECK(read_audio(folder / "wide.wav").samples.size() == 2);
  write_sound(folder / "wider.wav", std::vector<float>(2 * 257, 0.5F), 257, 8000);
  refused("wider.wav", "257 channels");
}

TEST_CASE("hours of silence in a few bytes are refused, stated or not, unless they are meant") {
  const TemporaryFolder folder;
  const auto path = folder / "night.flac";
  constexpr int kRate = 1000;
  write_sound(path, std::vector<float>(700 * kRate), 1, kRate, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  REQUIRE(std::filesystem::file_size(path) < 70000);
  CHECK_THAT(audio_error_of(path), Catch::Contains("more than 600 s of sound"));
  CHECK(read_audio(path, {{}, true}).samples.size() == 700 * kRate);
  test::patch(path, "fLaC", 22, std::string(4, '\0'));  // number of frames: unknown
  CHECK_THAT(audio_error_of(path), Catch::Contains("more than 600 s of sound"));
}

TEST_CASE("resampling keeps a tone and its length") {
  const Audio tone = test::sine(1000.0, 1.0, 44100, 0.5);
  const Audio resampled = resample(tone, 16000);
  REQUIRE(resampled.samples.size() == 16000);
  const Audio expected = test::sine(1000.0, 1.0, 16000, 0.5);
  double largest = 0.0;
  for (std::size_t n = 1000; n < 15000; ++n) {  // away from the ends
    largest = std::max(largest,
                       std::abs(static_cast<double>(resampled.samples[n] - expected.samples[n])));
  }
  CHECK(largest < 1e-4);
}

TEST_CASE("resampling to the same rate changes nothing") {
  const Audio tone = test::sine(1000.0, 0.1, 16000);
  CHECK(resample(tone, 16000).samples == tone.samples);
  CHECK_THROWS_AS(resample(tone, 0), ConfigError);
}

TEST_CASE("a part of a recording is read, to the frame, and the rest is neither kept nor checked") {
  const test::TemporaryFolder folder;
  std::vector<float> ramp(300'000);
  for (std::size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<float>(i) / 1e6F;
  ramp.back() = std::numeric_limits<float>::quiet_NaN();
  write_sound(folder / "a.wav", ramp, 1, 8000);
  const auto read = [&](std::optional<double> begin_s, std::optional<double> end_s) {
    return read_audio(folder / "a.wav", {{}, false, begin_s, end_s});
  };
  for (const auto& [begin, end] : {std::pair<std::size_t, std::size_t>{0, 1},
                                   {7, 131072},
                                   {131072, 131073},
                                   {131071, 262145}}) {
    const Audio part = read(static_cast<double>(begin) / 8000.0, static_cast<double>(end) / 8000.0);
    CHECK(part.begin_s == static_cast<double>(begin) / 8000.0);
    CHECK(std::ranges::equal(part.samples, std::span(ramp).subspan(begin, end - begin)));
  }
  CHECK_THROWS_WITH(read({}, {}), Catch::Contains("frame 299999 (37.500 s) is nan"));
  CHECK_THROWS_WITH(read(30.0, {}), Catch::Contains("(37.500 s) is nan"));
  CHECK_THROWS_WITH(read(40.0, {}), Catch::Contains("has no frames from 40 s on"));
  CHECK_THROWS_WITH(read(-1.0, {}), "begin is -1 s; expected 0 s or more");
  CHECK_THROWS_AS(read(2.0, 2.0), ConfigError);
}
