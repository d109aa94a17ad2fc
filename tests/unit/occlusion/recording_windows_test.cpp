#include "occlusion/recording_windows.hpp"

#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;

namespace {

constexpr int kRate = 8000;

/// Frames of 256 samples, 64 apart, 20 a window: padded by half a frame at either end, or not at
/// all.
ModelCard card_of(bool is_padded) {
  ModelCard card = test::small_card();
  card.front_end.window_samples = 256;
  card.front_end.fft_samples = 256;
  card.front_end.window_position = is_padded ? WindowPosition::centre : WindowPosition::start;
  card.front_end.padding = is_padded ? Padding::reflect : Padding::none;
  return card;
}

RecordingWindows cut(const ModelCard& card, std::size_t samples) {
  Audio audio = test::noise(1.0, kRate);
  audio.samples.resize(samples);
  return cut_recording(card, audio, {});
}

std::string warnings_at(int sample_rate_hz) {
  std::string all;
  for (const auto& warning :
       cut_recording(card_of(true), test::noise(0.5, sample_rate_hz), {}).warnings) {
    all += warning + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("a recording as long as the model's window is one window, to within an analysis window") {
  const auto [is_padded, one_window] =
      GENERATE(table<bool, std::size_t>({{true, 19 * 64}, {false, 19 * 64 + 256}}));
  const ModelCard card = card_of(is_padded);
  constexpr std::size_t kFrame = 256;
  // A padded front end gives 20 frames from 19 * 64 samples, and 21 from the window's length, 20 *
  // 64.
  for (const std::size_t more : {std::size_t{0}, std::size_t{64}, kFrame, kFrame + 63}) {
    INFO(is_padded << " " << more);
    const RecordingWindows recording = cut(card, one_window + more);
    CHECK(recording.windows.size() == 1);
    CHECK(recording.spectrogram.values.columns == 20);
    CHECK(recording.spectrogram.time_s.size() == 20);
    const double duration_s = static_cast<double>(one_window + more) / kRate;
    CHECK(windows_of(card, duration_s, {}).size() == 1);
  }
  const RecordingWindows two = cut(card, one_window + kFrame + 64);
  REQUIRE(two.windows.size() == 2);
  CHECK(two.windows[1].begin == 5);
  CHECK(two.spectrogram.values.columns == 25);
}

TEST_CASE("a recording far above the model's band gets a warning, an everyday rate gets none") {
  CHECK_THAT(warnings_at(384000), Catch::Contains("recorded at 384000 Hz") &&
                                      Catch::Contains("sound above 4000 Hz is outside"));
  CHECK_THAT(warnings_at(24001), Catch::Contains("sound above 4000 Hz is outside"));
  CHECK(warnings_at(24000).empty());
}

TEST_CASE("a file's warnings are those of its windows") {
  Audio audio = test::noise(0.5, kRate);
  audio.warnings = {"it holds more"};
  CHECK(cut_recording(card_of(true), audio, {}).warnings == audio.warnings);
}

TEST_CASE("a recording without room for the masks' cells is said to be short") {
  ModelCard card = card_of(true);
  card.input.variable_length = true;
  test::ConstantModel model(card);
  Audio audio = test::noise(1.0, kRate);
  audio.samples.resize(3 * 64);
  ExplainOptions options;
  options.masks.count = 20;
  CHECK_THROWS_AS(test::explain_with(model, audio, options), AudioError);
  CHECK_THROWS_WITH(test::explain_with(model, audio, options),
                    Catch::Contains("too short") && Catch::Contains("4 frames (0.032 s)"));
  options.masks.grid = {4, 4};
  CHECK_NOTHROW(test::explain_with(model, audio, options));
  options.masks.grid = {4, 21};  // more than a window has frames
  CHECK_THROWS_AS(test::explain_with(model, audio, options), ConfigError);
}
