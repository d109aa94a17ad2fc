#include <algorithm>
#include <cmath>

#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "relax_spectro/audio/audio.hpp"

namespace relax_spectro::fuzz {
namespace {

void expect_sound(const Audio& audio) {
  expect(!audio.samples.empty(), "a recording has samples");
  expect(audio.sample_rate_hz > 0, "a recording has a sample rate");
  expect(std::ranges::all_of(audio.samples, [](float x) { return std::isfinite(x); }),
         "samples are finite");
}

}  // namespace

void read_as_audio(std::span<const std::uint8_t> bytes) {
  // libsndfile recognises some formats by their ending; .wav is not one of them.
  const auto file = write_input("input.wav", bytes);
  attempt(file, [](const auto& path) { expect_sound(read_audio(path)); });
  attempt(file, [](const auto& path) { expect_sound(read_audio(path, {2, true})); });
  attempt(write_input("input.mp3", bytes),
          [](const auto& path) { expect_sound(read_audio(path)); });
}

}  // namespace relax_spectro::fuzz
