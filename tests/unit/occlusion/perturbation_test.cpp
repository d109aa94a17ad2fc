#include "occlusion/perturbation.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;

namespace {

constexpr int kChangedRate = 8000;
const PerturbationSeed kChangedSeed{3, "0123456789abcdef0123456789abcdef"};

Audio changed_by(const std::string& item, const Audio& audio, std::size_t copy = 0,
                 const PerturbationSeed& seed = kChangedSeed) {
  return perturbed_sound(parse_perturbations(item).front(), audio, seed, copy);
}

double power(const std::vector<float>& samples) {
  double sum = 0.0;
  for (const float sample : samples) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(samples.size());
}

std::vector<float> difference(const Audio& a, const Audio& b) {
  std::vector<float> result;
  for (std::size_t i = 0; i < a.samples.size(); ++i) {
    result.push_back(a.samples[i] - b.samples.at(i));
  }
  return result;
}

}  // namespace

TEST_CASE("changes are read with their units and their number of copies") {
  const auto all =
      parse_perturbations("gain:-6dB, shift:10ms,noise:20dB,noise:10dbx2,mask:0.5x8,lowpass:8kHz");
  REQUIRE(all.size() == 6);
  CHECK(all[0].value == -6.0);
  CHECK(all[1].value == 0.01);
  CHECK(all[3].name == "noise:10db");
  CHECK(all[3].copies == 2);
  CHECK(all[4].name == "mask:0.5");
  CHECK(all[4].value == 0.5);
  CHECK(all[4].copies == 8);
  CHECK(all[5].value == 8000.0);
  for (const std::string wrong :
       {"gain:6", "gain", "gain:", "gain:6ms", "gain:6dBx2", "gain:200dB", "shift:10", "mask:1",
        "mask:0.5x0", "mask:0.5x", "mask:0.5x2000", "noise:xdB", "lowpass:8", "noise:nandB"}) {
    INFO(wrong);
    const std::string kind = wrong.substr(0, wrong.find(':'));
    CHECK_THROWS_WITH(
        parse_perturbations("shift:1ms," + wrong),
        Catch::Contains("'" + wrong + "'") && Catch::Contains("such as " + kind + ":"));
  }
  CHECK_THROWS_WITH(parse_perturbations("gian:6dB"), Catch::Contains("did you mean 'gain'?"));
  CHECK_THROWS_WITH(parse_perturbations("gain:6dB,"), Catch::Contains("''"));
  CHECK_THROWS_WITH(parse_perturbations("mask:0.5,mask:0.5x3"), Catch::Contains("twice"));
}

TEST_CASE("a sound is changed as it was asked for") {
  const Audio audio = test::noise(1.0, kChangedRate);
  CHECK(power(changed_by("gain:-6dB", audio).samples) / power(audio.samples) ==
        Approx(std::pow(10.0, -0.6)));

  const Audio later = changed_by("shift:10ms", audio);
  CHECK(std::equal(audio.samples.begin(), audio.samples.end() - 80, later.samples.begin() + 80));
  CHECK(std::equal(audio.samples.end() - 80, audio.samples.end(), later.samples.begin()));
  CHECK(changed_by("shift:-10ms", later).samples == audio.samples);

  const Audio noisy = changed_by("noise:10dB", audio);
  const std::vector<float> noise = difference(noisy, audio);
  CHECK(power(audio.samples) / power(noise) == Approx(10.0).epsilon(0.05));
  CHECK(std::abs(std::ranges::count_if(noise, [](float x) { return x > 0; }) - 4000) < 200);
  CHECK(changed_by("noise:10dB", audio).samples == noisy.samples);
  CHECK(changed_by("noise:10dB", audio, 1).samples != noisy.samples);
  CHECK(changed_by("noise:10dB", audio, 0, {4, kChangedSeed.recording}).samples != noisy.samples);
  CHECK(changed_by("noise:10dB", audio, 0, {3, "f" + kChangedSeed.recording}).samples !=
        noisy.samples);

  const Audio low = test::sine(500.0, 1.0, kChangedRate);
  const Audio high = test::sine(3000.0, 1.0, kChangedRate);
  CHECK(power(difference(changed_by("lowpass:1kHz", low), low)) < 1e-4 * power(low.samples));
  CHECK(power(changed_by("lowpass:1kHz", high).samples) < 1e-4 * power(high.samples));
  CHECK(changed_by("lowpass:1234Hz", high).samples.size() == high.samples.size());
  CHECK(changed_by("lowpass:4kHz", high).samples == high.samples);

  const Audio silence{std::vector<float>(100, 0.0F), kChangedRate};
  CHECK(changed_by("noise:10dB", silence).samples == silence.samples);
}

TEST_CASE("a mask hides the same cells of all windows of a copy") {
  test::RectangleModel model({0, 16, 0, 20});
  Engine engine(model, test::batches_of(4));
  const Audio audio = test::noise(0.4, kChangedRate);
  const auto masked = [&](const std::string& item, std::size_t copy) {
    return embed_perturbed(engine, audio, {}, parse_perturbations(item).front(),
                           parse_fill("constant:1000"), kChangedSeed, copy);
  };
  const Embeddings unchanged = embed(engine, audio, {});
  const Embeddings kept = masked("mask:0.999", 0);
  REQUIRE(kept.embedding.rows == 3);
  CHECK(kept.embedding.values == unchanged.embedding.values);
  CHECK(kept.bands.values == unchanged.bands.values);
  const Embeddings hidden = masked("mask:0.001", 0);
  CHECK(hidden.embedding(0, 0) == Approx(1000.0));

  const Embeddings half = masked("mask:0.5", 0);
  CHECK(half.embedding(0, 0) == Approx(500.0).margin(200.0));
  for (std::size_t band = 0; band < 16; ++band) {
    CHECK(half.bands(0, band) == Approx(half.bands(1, band)).margin(20.0));
  }
  CHECK(masked("mask:0.5", 1).bands.values != half.bands.values);
  CHECK(masked("mask:0.5x8", 0).bands.values == half.bands.values);
}
