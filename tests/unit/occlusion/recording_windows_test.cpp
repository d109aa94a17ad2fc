#include "occlusion/recording_windows.hpp"

#include <algorithm>
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

namespace {

/// Takes windows of 1000 samples, 10 frames of 100 samples and one more, and marks each frame with
/// the first sample of its window.
class WaveformModel final : public Model {
 public:
  WaveformModel() : Model(card_of_waveform()) {}

  static ModelCard card_of_waveform() {
    ModelCard card = test::small_card();
    card.front_end = {};
    card.front_end.sample_rate_hz = kRate;
    card.front_end.window_samples = 200;
    card.front_end.hop_samples = 100;
    card.front_end.bands = 2;
    card.front_end.high_hz = 4000.0;
    card.front_end.own = OwnSpectrogram{{1000.0, 3000.0}, 0.00625, -1.0F};
    card.input.axes = {InputAxis::batch, InputAxis::samples};
    card.input.window_samples = card.input.hop_samples = 1000;
    card.input.window_frames = 11;
    card.input.hop_frames = 10;
    return card;
  }

  Array2d<float> spectrogram_of(std::span<const float> samples) override {
    CHECK(samples.size() == 1000);
    return {2, 11, samples.front()};
  }
  ModelOutputs forward(std::span<float> /*windows*/, std::size_t batch,
                       std::size_t /*frames*/) override {
    return {Array2d<float>(batch, 1), Array2d<float>(batch, 0)};
  }
  std::string runtime() const override { return "test"; }
};

Audio counting(std::size_t samples) {
  Audio audio;
  audio.sample_rate_hz = kRate;
  for (std::size_t i = 0; i < samples; ++i) audio.samples.push_back(static_cast<float>(i));
  return audio;
}

}  // namespace

TEST_CASE("a network's own front end runs on the samples of each window") {
  WaveformModel model;
  const RecordingWindows recording = cut_recording(model, counting(2600), {});
  REQUIRE(recording.windows == std::vector<FrameRange>{{0, 11}, {10, 11}, {16, 11}});
  for (const FrameRange window : recording.windows) {
    // Each window keeps its own values where it overlaps others.
    const Array2d<float> values = copy_frames(recording.spectrogram, window);
    CHECK(std::ranges::count(values.values, static_cast<float>(window.begin * 100)) == 22);
  }
  const Array2d<float>& all = recording.spectrogram.values;
  CHECK(all.columns == 27);
  CHECK(all(1, 10) == 0.0F);
  CHECK(all(1, 11) == 1000.0F);
  CHECK(all(1, 20) == 1000.0F);
  CHECK(all(1, 21) == 1600.0F);
  CHECK(recording.spectrogram.time_s.back() == 0.00625 + 26 * 0.0125);
  CHECK(windows_of(model.card(), 2600.0 / kRate, {}) == recording.windows);
  CHECK(recording.spectrogram.padded_frames == 0);
}

TEST_CASE("a recording shorter than a window of samples is padded with silence") {
  WaveformModel model;
  const RecordingWindows recording = cut_recording(model, counting(450), {});
  CHECK(recording.windows == std::vector<FrameRange>{{0, 11}});
  CHECK(recording.spectrogram.padded_frames == 5);
  REQUIRE(!recording.warnings.empty());
  CHECK_THAT(recording.warnings.front(),
             Catch::Contains("shorter than the model's window (0.125 s)"));
  CHECK_THROWS_AS(cut_recording(model.card(), counting(450), {}), ConfigError);
}
