#include "relax_spectro/saliency/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "masks/mask_family.hpp"
#include "masks/mask_file.hpp"
#include "occlusion/occlusion.hpp"
#include "relax_spectro/base/error.hpp"
#include "saliency/estimators.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using test::ConstantModel;
using test::RectangleModel;

namespace {

constexpr int kRate = 8000;
constexpr test::Rectangle kRectangle{4, 8, 5, 10};

ExplainOptions few_masks() {
  ExplainOptions options;
  options.masks.count = 600;
  options.masks.grid = {4, 5};
  options.masks.design = DesignKind::independent;
  options.estimator = Estimator::mask_sum;
  options.fill.kind = FillKind::silence;
  return options;
}

/// One window of small_card: 20 frames of 64 samples.
Audio one_window() { return test::noise(19.5 * 64 / kRate, kRate); }

}  // namespace

TEST_CASE("the map of a model that hears one rectangle peaks there") {
  RectangleModel model(kRectangle);
  const Explanation explanation = test::explain_with(model, one_window(), few_masks());
  const Array2d<double>& map = explanation.saliency.importance;
  REQUIRE(map.rows == 16);
  REQUIRE(map.columns == 20);
  const auto peak = static_cast<std::size_t>(
      std::max_element(map.values.begin(), map.values.end()) - map.values.begin());
  CHECK(kRectangle.holds(peak / 20, peak % 20));
  REQUIRE(explanation.saliency.noise_to_contrast.has_value());
  CHECK(*explanation.saliency.noise_to_contrast < 0.3);
  CHECK(explanation.warnings.empty());
}

TEST_CASE(
    "a constant model's map is the constant, without uncertainty, and said to be unresolved") {
  ConstantModel model;
  const Explanation explanation = test::explain_with(model, one_window(), few_masks());
  for (const double value : explanation.saliency.importance.values) {
    REQUIRE(value == Approx(1.0).epsilon(1e-12));
  }
  for (const double value : explanation.saliency.uncertainty.values) {
    REQUIRE(value == Approx(0.0).margin(1e-20));
  }
  CHECK_FALSE(explanation.saliency.noise_to_contrast.has_value());
  REQUIRE(explanation.warnings.size() == 1);
  CHECK_THAT(explanation.warnings[0],
             Catch::StartsWith("unresolved from 0.00 s to 0.15 s (1 of 1"));
}

TEST_CASE("a long recording is explained window by window and joined along time") {
  RectangleModel model(kRectangle);
  const Audio audio = test::noise(3.3 * 20 * 64 / kRate, kRate);
  const Explanation explanation = test::explain_with(model, audio, few_masks());
  const std::size_t frames = explanation.spectrogram.values.columns;
  CHECK(explanation.windows.size() == 4);
  CHECK(explanation.windows.back().frames.begin + 20 == frames);
  CHECK(explanation.saliency.importance.columns == frames);
  CHECK(explanation.scores.rows == 4);
  CHECK(explanation.scores.columns == 600);

  // Only the second window contributes to frames 20 to 39, because nothing overlaps there.
  const Spectrogram& whole = explanation.spectrogram;
  CHECK(whole.time_s.size() == frames);
  const double mean = explanation.windows[1].score_mean;
  CHECK(explanation.contrast(5, 27) ==
        Approx(explanation.saliency.importance(5, 27) - mean).epsilon(1e-12));
  const double peak_in_rectangle = explanation.saliency.importance(5, 27);
  const double elsewhere = explanation.saliency.importance(14, 37);
  CHECK(peak_in_rectangle > elsewhere);
}

TEST_CASE("overlapping windows are averaged") {
  RectangleModel model(kRectangle);
  const Audio audio = test::noise(1.5 * 20 * 64 / kRate, kRate);
  ExplainOptions options = few_masks();
  const Explanation joined = test::explain_with(model, audio, options);
  REQUIRE(joined.windows.size() == 2);
  const std::size_t begin = joined.windows[1].frames.begin;
  REQUIRE(begin < 20);

  // Each window alone, as a recording of the same length.
  std::vector<Explanation> parts;
  for (const std::size_t first : {std::size_t{0}, begin}) {
    ModelCard card = test::small_card();
    card.front_end.padding = Padding::none;
    parts.push_back({});
    RectangleModel part_model(kRectangle);
    OccludedWindow occluded{copy_frames(joined.spectrogram, {first, 20}), {}};
    occluded.fill = make_fill(options.fill, occluded.window, joined.spectrogram.silence, 0);
    const MaskLaw law = random_mask_law({16, 20}, {4, 5});
    const IndependentDesign design(law, options.masks.seed, options.masks.keep_probability);
    const Score score({}, part_model.card(), test::outputs_of(part_model, occluded.window));
    const std::vector<double> scores =
        test::scores_with(part_model, occluded, law, design, {0, *options.masks.count}, score);
    parts.back().saliency = mask_sum_saliency({{law, design, {0, *options.masks.count}}, scores});
  }
  for (std::size_t t = begin; t < 20; ++t) {
    const double mean =
        (parts[0].saliency.importance(5, t) + parts[1].saliency.importance(5, t - begin)) / 2.0;
    REQUIRE(joined.saliency.importance(5, t) == Approx(mean).epsilon(1e-12));
  }
}

TEST_CASE("a recording shorter than a window is padded with silence, and a warning says so") {
  RectangleModel model(kRectangle);
  const Explanation explanation = test::explain_with(model, test::noise(0.05, kRate), few_masks());
  CHECK(explanation.spectrogram.values.columns == 20);
  CHECK(explanation.spectrogram.values(3, 19) == explanation.spectrogram.silence);
  REQUIRE_FALSE(explanation.warnings.empty());
  CHECK_THAT(explanation.warnings[0], Catch::Contains("shorter than the model's window"));
}

TEST_CASE("bands above half of the recording's sample rate are warned of, and no others") {
  RectangleModel model(kRectangle);
  Audio audio = test::noise(2.0, kRate / 2);
  const Explanation half = test::explain_with(model, audio, few_masks());
  const std::vector<double>& bands = half.spectrogram.frequency_hz;
  const auto above = std::ranges::count_if(bands, [](double hertz) { return hertz > kRate / 4.0; });
  REQUIRE(above > 0);
  REQUIRE_FALSE(half.warnings.empty());
  CHECK_THAT(half.warnings[0],
             Catch::Contains(fmt::format("The upper {} of the model's 16 bands", above)));
  audio.sample_rate_hz = kRate;
  for (const std::string& warning : test::explain_with(model, audio, few_masks()).warnings) {
    CHECK_THAT(warning, !Catch::Contains("bands"));
  }
}

TEST_CASE("a model of variable length takes a short recording at its own length") {
  ModelCard card = test::small_card();
  card.input.variable_length = true;
  RectangleModel model(kRectangle, card);
  const Explanation explanation =
      test::explain_with(model, test::noise(12 * 64.0 / kRate, kRate), few_masks());
  CHECK(explanation.spectrogram.values.columns == 13);
  CHECK(explanation.warnings.empty());
}

TEST_CASE("masks from a file are the masks of the seed that wrote them") {
  const test::TemporaryFolder folder;
  RectangleModel model(kRectangle);
  ExplainOptions options = few_masks();
  const MaskLaw law = random_mask_law({16, 20}, {4, 5});
  write_mask_file(folder / "masks.npz", law, IndependentDesign(law, 0, 0.5), {0, 600}, false,
                  Overwrite::no);
  const Explanation drawn = test::explain_with(model, one_window(), options);
  options.masks.listed = read_mask_file(folder / "masks.npz");
  const Explanation listed = test::explain_with(model, one_window(), options);
  CHECK(drawn.scores.values == listed.scores.values);
  CHECK(drawn.saliency.importance.values == listed.saliency.importance.values);
}

TEST_CASE("the expected estimator measures its uncertainty on fresh masks") {
  RectangleModel model(kRectangle);
  ExplainOptions options = few_masks();
  options.estimator = Estimator::expected;
  options.masks.design = DesignKind::independent;
  const Explanation explanation = test::explain_with(model, one_window(), options);
  CHECK(explanation.scores.columns == 1200);
  options.masks.listed = MaskList{};
  CHECK_THROWS_WITH(test::explain_with(model, one_window(), options),
                    Catch::Contains("fresh masks"));
}

TEST_CASE("with an automatic count, masks are added until the map is as good as asked for") {
  RectangleModel model(kRectangle);
  ExplainOptions options;
  options.masks.grid = {4, 5};
  options.fill.kind = FillKind::silence;
  const Explanation coarse = test::explain_with(model, one_window(), options);
  CHECK(coarse.method.estimator == Estimator::regression);
  CHECK(*coarse.saliency.noise_to_contrast <= 0.15);
  CHECK(coarse.windows[0].masks == 512);  // the first eight blocks are enough for this model
  CHECK(coarse.warnings.empty());

  const double reached = *coarse.saliency.noise_to_contrast;
  options.masks.automatic.tolerance = reached / 2.0;
  std::size_t forecast = 0;
  std::size_t evaluated = 0;
  Engine engine(model, test::batches_of(16));
  const Explanation fine =
      explain(engine, one_window(), options, [&](std::size_t done, std::size_t all) {
        evaluated = done;
        forecast = all;
      });
  CHECK(*fine.saliency.noise_to_contrast <= reached / 2.0);
  CHECK(fine.windows[0].masks == 1920);  // thirty blocks of 64: nearly four times as many
  CHECK(fine.scores.columns == 1920);
  CHECK(evaluated == 1920);
  CHECK(forecast == 1920);

  options.masks.automatic.most_masks = 1024;
  const Explanation stopped = test::explain_with(model, one_window(), options);
  CHECK(stopped.windows[0].masks == 1024);
  REQUIRE(stopped.warnings.size() == 1);
  CHECK_THAT(stopped.warnings[0], Catch::Contains("stopped at --max-masks 1024"));
}

TEST_CASE("a window that the model does not react to is given up after the first masks") {
  ConstantModel model;
  ExplainOptions options;
  options.masks.grid = {4, 5};
  const Explanation explanation = test::explain_with(model, one_window(), options);
  CHECK(explanation.windows[0].masks == 512);
  CHECK_FALSE(explanation.windows[0].resolved());
}

namespace {

/// Sound for this many frames of small_card, then digital silence.
Audio sound_then_silence(double sound_frames, double silent_frames) {
  Audio audio = test::noise(sound_frames * 64 / kRate, kRate);
  audio.samples.resize(audio.samples.size() + static_cast<std::size_t>(silent_frames * 64), 0.0F);
  return audio;
}

std::size_t warnings_with(const Explanation& explanation, const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      explanation.warnings,
      [&text](const std::string& warning) { return warning.find(text) != std::string::npos; }));
}

}  // namespace

TEST_CASE("with an automatic count, windows of digital silence get the first masks and no more") {
  RectangleModel model(kRectangle);
  ExplainOptions options;
  options.masks.grid = {4, 5};
  options.masks.automatic.tolerance = 0.05;
  const Audio audio = sound_then_silence(40, 39.5);
  const Explanation explanation = test::explain_with(model, audio, options);
  REQUIRE(explanation.windows.size() == 4);
  CHECK(explanation.windows[1].silent_frames == 0);
  CHECK(explanation.windows[1].masks > 512);
  CHECK(explanation.windows[2].silent_frames == 19);  // its first frame still contains sound
  CHECK(explanation.windows[3].all_silent());
  CHECK(explanation.windows[3].masks == 512);
  CHECK(explanation.windows[3].resolved());  // zero is a sound for this model
  CHECK(warnings_with(explanation, "digital silence from 0.48 s to 0.63 s (1 of 4 windows)") == 1);
  CHECK(warnings_with(explanation, "stopped at --max-masks") == 0);
  options.masks.count = 600;
  CHECK(test::explain_with(model, audio, options).windows[3].masks == 600);
}

TEST_CASE("silence in a large part of a window is told, with what a fill of sound does there") {
  RectangleModel model(kRectangle);
  ExplainOptions options = few_masks();
  const auto warned = [&](double silent_frames, FillKind fill) {
    options.fill.kind = fill;
    return warnings_with(
        test::explain_with(model, sound_then_silence(19.5 - silent_frames, silent_frames), options),
        "digital silence fills ");
  };
  CHECK(warned(6, FillKind::zero) == 1);
  CHECK(warned(6, FillKind::mean) == 1);
  CHECK(warned(6, FillKind::silence) == 0);
  CHECK(warned(6, FillKind::min) == 0);
  CHECK(warned(3, FillKind::zero) == 0);
  // A short recording is padded with silence, so the silent part is equally large.
  options.fill.kind = FillKind::zero;
  CHECK(warnings_with(test::explain_with(model, test::noise(0.05, kRate), options),
                      "digital silence fills ") == 1);
}

TEST_CASE(
    "a grid too fine for regression is explained by mask-sum unless regression is asked for") {
  ModelCard card = test::small_card();
  card.front_end.bands = 34;
  card.input.window_frames = card.input.hop_frames = 34;
  RectangleModel model(kRectangle, card);
  ExplainOptions options;
  options.masks.count = 64;
  options.masks.grid = {32, 33};
  const Audio audio = test::noise(33.5 * 64 / kRate, kRate);
  const Explanation explanation = test::explain_with(model, audio, options);
  CHECK(explanation.method.estimator == Estimator::mask_sum);
  CHECK(warnings_with(explanation, "32x33 = 1056 cells, and regression takes at most 1024") == 1);
  options.masks.grid = {32, 32};
  const Explanation coarser = test::explain_with(model, audio, options);
  CHECK(coarser.method.estimator == Estimator::regression);
  CHECK(warnings_with(coarser, "cells") == 0);
  options.masks.grid = {32, 33};
  options.estimator = Estimator::regression;
  CHECK_THROWS_WITH(test::explain_with(model, audio, options), Catch::Contains("at most 1024"));
  options.estimator = Estimator::mask_sum;
  CHECK(warnings_with(test::explain_with(model, audio, options), "cells") == 0);
}

TEST_CASE("a window sweep explains with its own estimator, and takes no other") {
  RectangleModel model(kRectangle);
  ExplainOptions options;
  options.masks.family = MaskFamily::window;
  options.masks.windows = {{{4, 5}, Size2d{2, 5}}};
  options.fill.kind = FillKind::silence;
  const Explanation explanation = test::explain_with(model, one_window(), options);
  CHECK(explanation.windows[0].masks == 7 * 4);
  CHECK(explanation.saliency.noise_to_contrast == 0.0);
  CHECK(explanation.method.estimator == Estimator::mean_drop);
  // One position is the rectangle itself: masking it drops the score. Masking distant bins does
  // not.
  CHECK(explanation.contrast(5, 7) > 0.0);
  CHECK(explanation.contrast(14, 17) == Approx(0.0).margin(1e-12));
  options.estimator = Estimator::mask_sum;
  CHECK_THROWS_WITH(test::explain_with(model, one_window(), options),
                    Catch::Contains("estimator of its own"));
  options.estimator = Estimator::mean_drop;
  CHECK_NOTHROW(options.validate());
  options.masks.family = MaskFamily::random;
  CHECK_THROWS_WITH(options.validate(), "--estimator mean-drop is only for --family window");
}

TEST_CASE("masks from a file have the edges and the cells in Hertz that they were drawn with") {
  const test::TemporaryFolder folder;
  RectangleModel model(kRectangle);
  ExplainOptions options = few_masks();
  const auto [grid, edges] = GENERATE(table<Size2d, CellEdges>(
      {{{4, 5}, CellEdges::hard},
       {{{SizeUnit::hertz, 800.0}, {SizeUnit::seconds, 0.032}}, CellEdges::smooth},
       {{{SizeUnit::hertz, 800.0}, 5}, CellEdges::hard}}));
  options.masks.grid = grid;
  options.masks.edges = edges;
  const MaskSet set = make_masks(options.masks, mask_axes(test::small_card().front_end, 20));
  write_mask_file(folder / "masks.npz", set.law, *set.design, {0, 600}, false, Overwrite::no,
                  set.layout);
  const Explanation drawn = test::explain_with(model, one_window(), options);
  options.masks.listed = read_mask_file(folder / "masks.npz");
  options.masks.edges = CellEdges::smooth;
  const Explanation listed = test::explain_with(model, one_window(), options);
  CHECK(drawn.method.grid == Shape2d{grid == Size2d{4, 5} ? 4U : 5U, 5});
  CHECK(listed.method.layout == drawn.method.layout);
  CHECK(drawn.scores.values == listed.scores.values);
  CHECK(drawn.saliency.importance.values == listed.saliency.importance.values);
}

TEST_CASE("a planted rectangle stands out within 1024 masks, and its surroundings are flat") {
  RectangleModel model(kRectangle);
  ExplainOptions options;
  options.masks.grid = {4, 5};
  options.masks.count = 1024;
  options.fill.kind = FillKind::silence;
  const Explanation explanation = test::explain_with(model, one_window(), options);
  CHECK(explanation.windows[0].resolved());
  // Two cells away from the rectangle, the mask has no effect.
  double sum = 0.0;
  std::size_t within = 0;
  std::size_t count = 0;
  for (std::size_t band = 0; band < 16; ++band) {
    for (std::size_t t = 18; t < 20; ++t, ++count) sum += explanation.contrast(band, t);
  }
  const double level = sum / static_cast<double>(count);
  for (std::size_t band = 0; band < 16; ++band) {
    for (std::size_t t = 18; t < 20; ++t) {
      const double error = explanation.saliency.standard_error(band, t);
      within += std::abs(explanation.contrast(band, t) - level) <= 2.0 * error ? 1U : 0U;
    }
  }
  CHECK(static_cast<double>(within) / static_cast<double>(count) >= 0.9);
}

TEST_CASE("options out of range are refused by name, value and range") {
  ExplainOptions options;
  options.masks.count = 1;
  CHECK_THROWS_WITH(options.validate(), "--masks is 1; expected 2 to 100000000, or auto");
  options = {};
  options.masks.keep_probability = 1.0;
  CHECK_THROWS_WITH(options.validate(), Catch::StartsWith("--keep is 1;"));
  options = few_masks();
  options.hop_s = 10.0;
  ConstantModel model;
  CHECK_THROWS_WITH(test::explain_with(model, one_window(), options),
                    Catch::StartsWith("--hop is 10 s"));
}

TEST_CASE("windows may be asked about classes of one's own, whatever the score names") {
  test::HalvesModel model;
  ExplainOptions options = few_masks();
  options.score = parse_score("top");
  const Audio two_windows = test::noise(39.5 * 64 / kRate, kRate);
  options.window_classes = {1, 0};
  const Explanation chosen = test::explain_with(model, two_windows, options);
  options.window_classes = {};
  for (const std::size_t window : {std::size_t{0}, std::size_t{1}}) {
    options.score.class_name = window == 0 ? "1" : "0";
    const Explanation named = test::explain_with(model, two_windows, options);
    CHECK(chosen.windows[window].class_index == 1 - window);
    CHECK(chosen.windows[window].score_mean == named.windows[window].score_mean);
  }
  options.window_classes = {0};
  CHECK_THROWS_AS(test::explain_with(model, two_windows, options), ConfigError);
  options.window_classes = {0, 2};
  CHECK_THROWS_AS(test::explain_with(model, two_windows, options), ConfigError);
  options.score = {};
  options.window_classes = {0, 1};
  CHECK_THROWS_AS(test::explain_with(model, two_windows, options), ConfigError);
}

TEST_CASE("several scores share masks, and each map is as if it were made alone") {
  test::HalvesModel model;
  const Audio two_windows = test::noise(39.5 * 64 / kRate, kRate);
  for (const bool is_automatic : {false, true}) {
    ExplainOptions options;
    if (!is_automatic) options.masks.count = 64;
    options.score = parse_score("0");
    options.more_scores = parse_scores("prob:top,1-0,1");
    std::vector<Explanation> maps;
    std::vector<std::string> scores;
    Engine engine(model, test::batches_of(16));
    explain_scores(engine, two_windows, options, [&](const ScoreSpec& score, Explanation map) {
      scores.push_back(to_string(score));
      maps.push_back(std::move(map));
    });
    CHECK(scores == std::vector<std::string>{"logit:0", "prob:top", "logit:1-0", "logit:1"});
    CHECK(maps[2].windows[0].class_index == 1);
    CHECK(maps[2].windows[0].minus_class == 0);
    for (std::size_t i = 0; i < maps.size(); ++i) {
      CHECK(maps[i].windows[0].masks == maps[0].windows[0].masks);
      ExplainOptions alone = options;
      alone.score = parse_score(scores[i]);
      alone.more_scores.clear();
      if (is_automatic) alone.masks.count = maps[i].windows[0].masks;
      const Explanation map = test::explain_with(model, two_windows, alone);
      CHECK(map.saliency.importance.values == maps[i].saliency.importance.values);
      CHECK(map.saliency.standard_error.values == maps[i].saliency.standard_error.values);
    }
  }
}

TEST_CASE("the map of a difference of linear scores is the difference of their maps") {
  test::HalvesModel model;
  ExplainOptions options = few_masks();
  options.estimator = Estimator::mask_sum;  // linear in the scores
  const auto map_of = [&](const char* score) {
    options.score = parse_score(score);
    return test::explain_with(model, one_window(), options).saliency.importance.values;
  };
  const std::vector<double> first = map_of("0");
  const std::vector<double> second = map_of("1");
  const std::vector<double> difference = map_of("1-0");
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(difference[i] == Approx(second[i] - first[i]).margin(1e-6));
  }
}
