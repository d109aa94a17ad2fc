#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/run_model.hpp"
#include "support/waveform_signal.hpp"
#include "test_models.hpp"

namespace {

using namespace relax_spectro;
using namespace relax_spectro::test;

constexpr std::size_t kSamples = 8000;

std::vector<float> expected_of(const Model& model) {
  return nlohmann::json::parse(model.card().notes_json).at("expected").get<std::vector<float>>();
}

Audio audio_of(std::vector<float> samples, int rate_hz) {
  Audio audio;
  audio.samples = std::move(samples);
  audio.sample_rate_hz = rate_hz;
  return audio;
}

std::unique_ptr<Model> load_included(const std::string& name) {
  return load_model(std::filesystem::path(RELAX_SPECTRO_MODELS) / (name + ".pt"));
}

double largest_off(const std::vector<double>& measured, const std::vector<double>& exact) {
  double off = 0.0;
  for (std::size_t i = 0; i < exact.size(); ++i)
    off = std::max(off, std::abs(measured[i] - exact[i]));
  return off;
}

}  // namespace

TEST_CASE("a network cut at its spectrogram gives the outputs of the whole", "[waveform]") {
  const std::string name = GENERATE(
      "plain", "sizes-of-waveform", "sizes-of-spectrum", "length-in-the-middle", "scaled-if-loud",
      "two-mels-of-one-spectrum", "loop-behind", "loop-before", "in-place-behind",
      "in-place-before", "flipped-time", "flipped-bands", "normalised-window", "band-offsets",
      "log-of-zero", "peak-normalised", "three-channels", "with-deltas", "time-first",
      "asserts-shape", "gate-of-spectrum", "batch-of-one", "dropped-silence-behind", "filter-bank");
  INFO(name);
  const auto model = load("waveform-" + name);
  const std::vector<float> expected = expected_of(*model);
  const Array2d<float> spectrogram = model->spectrogram_of(waveform(kSamples));
  CHECK(spectrogram.rows == model->card().front_end.bands);
  CHECK(spectrogram.columns == model->card().input.window_frames);
  const ModelOutputs outputs = outputs_of(*model, spectrogram);
  REQUIRE(outputs.embedding.columns == expected.size());
  const float size =
      std::abs(*std::ranges::max_element(expected, {}, [](float v) { return std::abs(v); }));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(std::abs(outputs.embedding(0, i) - expected[i]) < 1e-4F * size);
  }
  CHECK(model->card().front_end.hop_samples == 64);
}

TEST_CASE("a network that cannot be cut is refused with its tensors", "[waveform]") {
  const auto [name, why] = GENERATE(table<std::string, std::string>({
      {"bypass", "passes it by"},
      {"gate-of-sound", "depends on the sound"},
      {"two-spectrograms", "passes it by"},
      {"two-inputs", "takes 2 inputs"},
      {"dithered", "not one value"},
      {"dropped-silence-before", "cannot be cut"},
      {"keeps-state", "other output"},
      {"unordered-filters", "ascending order"},
      {"no-spectrogram", "cannot be cut"},
      {"other-length", "failed on a waveform of 8000 samples"},
  }));
  INFO(name);
  check_says(refusal<ModelError>("waveform-" + name), {"waveform-" + name + ".pt", why});
}

TEST_CASE("the measured axes are those of the front end", "[waveform]") {
  const std::string name = GENERATE("mobilenetv3-small", "vggish-small");
  INFO(name);
  const ModelCard exact = load_included(name)->card();
  const ModelCard card = load("waveform-" + name)->card();
  const FrontEndConfig& own = card.front_end;
  CHECK(own.bands == exact.front_end.bands);
  CHECK(own.hop_samples == exact.front_end.hop_samples);
  CHECK(card.input.window_frames == exact.input.window_frames);
  CHECK(card.input.hop_frames == exact.input.hop_frames);
  CHECK(std::abs(silence_level(own) - silence_level(exact.front_end)) < 1e-4F);
  const Spectrogram truth =
      FrontEnd(exact.front_end)(audio_of(waveform(card.input.window_samples), own.sample_rate_hz));
  CHECK(std::abs(own.own->first_frame_s - truth.time_s.front()) <
        0.25 * static_cast<double>(own.hop_samples) / own.sample_rate_hz);
  const double bin_hz =
      static_cast<double>(own.sample_rate_hz) / static_cast<double>(exact.front_end.fft_samples);
  CHECK(largest_off(own.own->frequency_hz, truth.frequency_hz) < 2.0 * bin_hz);
}

TEST_CASE("an included model behind its front end gives its scores and maps", "[waveform]") {
  const std::string name = GENERATE("mobilenetv3-small", "vggish-small");
  INFO(name);
  const auto network = load_included(name);
  const auto whole = load("waveform-" + name);
  const std::size_t windows = name == "vggish-small" ? 2 : 1;
  const InputLayout& input = whole->card().input;
  const Audio audio = audio_of(waveform(input.window_samples + (windows - 1) * input.hop_samples),
                               whole->card().front_end.sample_rate_hz);
  // The same input gives the same bits.
  const Array2d<float> spectrogram =
      whole->spectrogram_of(std::span(audio.samples).first(input.window_samples));
  CHECK(outputs_of(*whole, spectrogram).embedding.values ==
        outputs_of(*network, spectrogram).embedding.values);
  // The front ends compute in other numbers, single and double.
  ExplainOptions options = few_masks();
  options.masks.count = 64;
  const Explanation of_network = explain_with(*network, audio, options);
  const Explanation of_whole = explain_with(*whole, audio, options);
  REQUIRE(of_network.windows.size() == windows);
  REQUIRE(of_whole.contrast.values.size() == of_network.contrast.values.size());
  CHECK(of_whole.windows.back().frames == of_network.windows.back().frames);
  const auto [low, high] = std::ranges::minmax(of_network.contrast.values);
  CHECK(largest_off(of_whole.contrast.values, of_network.contrast.values) < 1e-3 * (high - low));
}

TEST_CASE("a card with the measured axes gives the same model", "[waveform]") {
  const auto measured = load("waveform-plain");
  const ModelCard again = parse_model_card(to_json(measured->card()), "card");
  CHECK(again.has_axes());
  CHECK(again.front_end.own->frequency_hz == measured->card().front_end.own->frequency_hz);
  CHECK(again.front_end.own->silence == measured->card().front_end.own->silence);
  CHECK(again.input.window_frames == 126);
  CHECK(again.input.spectrogram == measured->card().input.spectrogram);
  CHECK(to_json(again) == to_json(measured->card()));
}
