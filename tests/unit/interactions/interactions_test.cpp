#include "interactions/interactions.hpp"

#include <algorithm>
#include <cmath>

#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;
using test::small_card;

namespace {

/// Two classes: the sum and the smaller of what the lower and the upper half of the bands hold.
class SumAndMinimumModel final : public Model {
 public:
  SumAndMinimumModel() : Model(card_of_classes()) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t frames) override {
    const ModelOutputs halves = halves_.forward(windows, batch, frames);
    ModelOutputs outputs{Array2d<float>(batch, 0), Array2d<float>(batch, 2)};
    for (std::size_t b = 0; b < batch; ++b) {
      const auto half = halves.class_scores.row(b);
      outputs.class_scores(b, 0) = half[0] + half[1];
      outputs.class_scores(b, 1) = std::min(half[0], half[1]);
    }
    return outputs;
  }
  std::string runtime() const override { return "analytic"; }

 private:
  static ModelCard card_of_classes() {
    ModelCard card = small_card();
    card.class_scores = card.embedding;
    card.embedding.reset();
    return card;
  }

  test::HalvesModel halves_;
};

/// Windows of 20 frames with the value 1 everywhere.
RecordingWindows ones(std::size_t windows) {
  RecordingWindows recording;
  Spectrogram& spectrogram = recording.spectrogram;
  spectrogram.values = Array2d<float>(16, 20 * windows, 1.0F);
  for (std::size_t band = 0; band < 16; ++band) {
    spectrogram.frequency_hz.push_back(250.0 * static_cast<double>(band) + 125.0);
  }
  for (std::size_t t = 0; t < 20 * windows; ++t) {
    spectrogram.time_s.push_back(0.008 * static_cast<double>(t));
  }
  for (std::size_t w = 0; w < windows; ++w) recording.windows.push_back({20 * w, 20});
  return recording;
}

InteractionOptions options_for(std::size_t class_index) {
  InteractionOptions options;
  options.grid = {4, 1};
  options.score = {ScoreKind::logit, "", class_index};
  return options;
}

}  // namespace

TEST_CASE("bands of a sum do not interact, and bands of a minimum need each other") {
  SumAndMinimumModel model;
  Engine engine(model);
  const Interactions sum = find_interactions(engine, ones(2), {}, options_for(0));
  const Interactions minimum = find_interactions(engine, ones(2), {}, options_for(1));
  CHECK(sum.patterns.kept.rows == 16);
  CHECK(sum.unmasked_scores == std::vector{2.0, 2.0});
  CHECK(sum.effects.main[0] == Approx(0.5).margin(1e-6));
  CHECK(sum.effects.variance->main == Approx(1.0).margin(1e-6));
  for (const double value : sum.effects.interaction.values) {
    CHECK(value == Approx(0.0).margin(1e-6));
  }
  // The lower half is cells 0 and 1 (0.5 each), the upper half cells 2 and 3.
  for (const std::size_t lower : {0U, 1U}) {
    for (const std::size_t upper : {2U, 3U}) CHECK(minimum.effects.interaction(lower, upper) > 0.1);
  }
  CHECK(minimum.effects.interaction(0, 1) < 0.0);  // either fills a half
}

TEST_CASE("parts of the time belong to one window") {
  SumAndMinimumModel model;
  Engine engine(model);
  InteractionOptions options = options_for(1);
  options.grid = {2, 2};
  const Interactions found = find_interactions(engine, ones(1), {}, options);
  CHECK(found.groups[1].box.begin_s == Approx(0.076));
  CHECK(found.groups[1].box.low_hz == Approx(0.0));
  CHECK(found.groups[2].box.low_hz == Approx(2000.0));
  CHECK(found.effects.interaction(0, 2) > 0.1);
  CHECK_THROWS_WITH(find_interactions(engine, ones(2), {}, options),
                    Catch::Contains("has 2 windows"));
}

TEST_CASE("annotated boxes are groups, and the rest is one more") {
  SumAndMinimumModel model;
  Engine engine(model);
  const RecordingWindows recording = ones(1);
  const SpectrogramExtent extent{recording.spectrogram.time_s, recording.spectrogram.frequency_hz,
                                 0.16, 4000.0};
  const std::vector<AnnotatedBox> boxes{{0.0, 0.16, 0.0, 2000.0, "low"},
                                        {0.0, 0.16, 2000.0, 4000.0, "high"}};
  CellGroups groups = box_groups(std::span(boxes).first(1), extent, "table.csv");
  CHECK(groups.groups[0].name == "low");
  CHECK(groups.groups[1].name == "rest");
  const Interactions found = find_interactions(engine, recording, groups, options_for(1));
  CHECK(found.effects.interaction(0, 1) == Approx(1.0).margin(1e-6));  // min(g0, g1)

  const std::vector<AnnotatedBox> covered{boxes[0], {0.05, 0.1, 100.0, 400.0, "inner", "", 3}};
  CHECK_THROWS_WITH(box_groups(covered, extent, "table.csv"),
                    Catch::Contains("table.csv: line 3: the boxes before cover this box"));
}

TEST_CASE("near the whole recording, all other parts are kept") {
  SumAndMinimumModel model;
  Engine engine(model);
  InteractionOptions options = options_for(1);
  options.context = PairContext::whole;
  const Interactions found = find_interactions(engine, ones(1), {}, options);
  CHECK(found.patterns.kept.rows == 11);
  CHECK(found.effects.interaction(0, 2) == Approx(0.5).margin(1e-6));
  CHECK(found.effects.interaction(0, 1) == Approx(0.0).margin(1e-6));
}
