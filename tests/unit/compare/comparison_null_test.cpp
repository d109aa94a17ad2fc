// How often comparisons find what is not there, and what is. Slow: only with "[.coverage]".

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <random>
#include <vector>

#include "compare/comparison.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kNullRecordings = 30;
constexpr std::size_t kToneRow = 22;  // of 32 bands
constexpr double kToneHz = 2800.0;

/// Scores a class by the levels of four pairs of bands, which add up and cancel, and by how much a
/// tone stands out in its band.
class TonedModel final : public Model {
 public:
  explicit TonedModel(double tone) : Model(card_with_class()), tone_(tone) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t frames) override {
    const std::size_t bands = card().front_end.bands;
    ModelOutputs outputs{Array2d<float>(batch, 1), Array2d<float>(batch, 1)};
    for (std::size_t b = 0; b < batch; ++b) {
      const auto window = windows.subspan(b * bands * frames, bands * frames);
      double score = 0.0;
      for (std::size_t t = 0; t < frames; ++t) {
        const auto level = [&](std::size_t row) {
          return static_cast<double>(window[row * frames + t]);
        };
        score += std::tanh(level(5) + level(6)) + std::tanh(level(11) * level(16));
        score += tone_ * std::tanh(level(kToneRow) - 0.5 * (level(18) + level(26)));
      }
      outputs.class_scores(b, 0) = static_cast<float>(score / static_cast<double>(frames));
    }
    return outputs;
  }

  std::string runtime() const override { return "analytic"; }

 private:
  static ModelCard card_with_class() {
    ModelCard card = test::small_card();
    card.front_end.bands = 32;
    card.input.window_frames = card.input.hop_frames = 40;
    card.class_scores = OutputPlace{};
    card.labels = {"class"};
    return card;
  }

  double tone_;
};

/// Noise, and a tone in two recordings of three.
Audio recording(std::uint64_t run, std::size_t index) {
  std::mt19937_64 random(run * 1000 + index);
  std::normal_distribution<double> normal;
  Audio audio;
  audio.sample_rate_hz = 8000;
  audio.samples.resize(2624);
  double low = 0.0;
  for (std::size_t n = 0; n < audio.samples.size(); ++n) {
    low = 0.6 * low + normal(random);
    const double tone =
        index % 3 == 0 ? 0.0 : std::sin(2.0 * M_PI * kToneHz / 8000.0 * static_cast<double>(n));
    audio.samples[n] = static_cast<float>(0.2 * low + 0.1 * normal(random) + 0.4 * tone);
  }
  return audio;
}

fs::path write_of(const fs::path& folder, std::uint64_t run, double tone, std::uint64_t seed) {
  for (std::size_t i = 0; i < kNullRecordings; ++i) {
    TonedModel model(tone);
    Result result;
    result.options = test::quick_options(128);
    result.options.masks.grid = {7, 5};
    result.options.masks.seed = seed;
    result.options.score = parse_score("logit:class");
    result.provenance.input = {fmt::format("{}.wav", i),
                               fmt::format("{:016x}{:048x}", 1000 * run + i, 0)};
    result.options.masks.recording = result.provenance.input.sha256;
    const Audio audio = recording(run, i);
    result.explanation = test::explain_with(model, audio, result.options);
    result.card = model.card();
    result.provenance.input_sample_rate_hz = 8000;
    result.provenance.input_duration_s = audio.duration_s();
    result.provenance.model = {"net.pt", fmt::format("{}", tone)};
    round_maps(result.explanation);
    write_result(folder / fmt::format("{}", i), result, Overwrite::no);
  }
  return folder;
}

ModelComparison compared_run(std::uint64_t run, double tone, std::uint64_t other_seed) {
  const test::TemporaryFolder folder;
  const fs::path a = write_of(folder / "a", run, 0.0, 1);
  const fs::path b = write_of(folder / "b", run, tone, other_seed);
  return compare_models(pair_by_recording(a, b, false), nullptr, {run, false, {}});
}

struct LeastP {
  double profile = 1.0;
  double clusters = 1.0;

  explicit LeastP(const ModelComparison& found) {
    for (const BandDifference& band : found.profile) profile = std::min(profile, band.tested.p);
    for (const ClusterDifference& cluster : found.clusters) {
      if (cluster.tested) clusters = std::min(clusters, cluster.tested->p);
    }
  }
  [[nodiscard]] double least() const { return std::min(profile, clusters); }
};

}  // namespace

TEST_CASE("a model differs from itself with other masks in one comparison of twenty",
          "[.coverage]") {
  constexpr std::size_t kRuns = 200;
  double alarms = 0.0;
  double of_clusters = 0.0;
  double regions = 0.0;
  for (std::size_t run = 0; run < kRuns; ++run) {
    const ModelComparison found = compared_run(run, 0.0, 2);
    const LeastP p(found);
    alarms += p.least() <= 0.05 ? 1.0 : 0.0;
    of_clusters += p.clusters <= 0.05 ? 1.0 : 0.0;
    regions += static_cast<double>(found.regions.size());
  }
  WARN("false alarms " << alarms / kRuns << ", of clusters " << of_clusters / kRuns
                       << ", regions a comparison " << regions / kRuns);
  CHECK(alarms / kRuns >= 0.02);
  CHECK(alarms / kRuns <= 0.08);
}

TEST_CASE("a planted tone is found, by bands and by kinds of sound", "[.coverage]") {
  constexpr std::size_t kRuns = 20;
  double by_bands = 0.0;
  double by_clusters = 0.0;
  double held = 0.0;
  for (std::size_t run = 0; run < kRuns; ++run) {
    const ModelComparison found = compared_run(1000 + run, 0.5, 1);
    const LeastP p(found);
    by_bands += p.profile <= 0.05 ? 1.0 : 0.0;
    by_clusters += p.clusters <= 0.05 ? 1.0 : 0.0;
    const Rows& regions = found.clusters.front().cluster.regions;
    const auto holds = std::ranges::count_if(regions, [&](std::size_t r) {
      const DifferenceRegion& region = found.regions[r];
      return region.recording % 3 != 0 && region.box.low_hz <= kToneHz &&
             region.box.high_hz >= kToneHz;
    });
    held += 5 * holds >= 3 * static_cast<std::ptrdiff_t>(regions.size()) ? 1.0 : 0.0;
  }
  WARN("found by bands " << by_bands / kRuns << ", by clusters " << by_clusters / kRuns
                         << ", and the first cluster holds the tone in " << held / kRuns);
  CHECK(by_bands / kRuns >= 0.95);
  CHECK(by_clusters / kRuns >= 0.95);
  CHECK(held / kRuns >= 0.8);
}
