#include "evaluation/sanity.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;
using test::ConstantModel;
using test::HalvesModel;
using test::RectangleModel;

namespace {

// One map varies only along frequency, the other only along time, so their ranks are unrelated.
constexpr test::Rectangle kHere{0, 6, 0, 20};
constexpr test::Rectangle kThere{0, 16, 13, 20};

ExplainOptions some_masks() {
  ExplainOptions options;
  options.masks.count = 512;
  options.masks.grid = {4, 5};
  options.fill.kind = FillKind::silence;
  return options;
}

Audio recording() { return test::noise(19.5 * 64 / 8000, 8000); }

/// Tests a model's map with other models that represent it with 1, 2 ... of its layers shuffled.
/// @param whole  this many of the last models have all layers shuffled.
SanityCheck check(const std::vector<Model*>& models, const ExplainOptions& options = some_masks(),
                  std::size_t whole = 3) {
  std::vector<std::unique_ptr<Engine>> engines;
  std::vector<SanityModel> all;
  for (Model* model : models) {
    engines.push_back(std::make_unique<Engine>(*model, test::batches_of(16)));
    const bool is_whole = !all.empty() && all.size() + whole >= models.size();
    all.push_back({engines.back().get(), all.size(), is_whole, {}});
  }
  const Array2d<double> map = explain(*engines.front(), recording(), options).contrast;
  return check_sanity(map, all, recording(), options);
}

/// The outcome of a shuffle: how far its two seeds agree, and how similar it is to the model's map.
WholeShuffle shuffle(double seeds, double to_model) {
  return {{3, {}, true, {0.5, to_model}}, {}, {{}, seeds}};
}

WholeShuffle without_reaction() { return {{3, {}, false, {}}, {}, {}}; }

/// The check of a map with this agreement of its own two seeds.
SanityCheck check_of(double seeds, std::vector<WholeShuffle> shuffles) {
  SanityCheck check;
  check.reacts = true;
  check.seeds.spearman = seeds;
  check.shuffles = std::move(shuffles);
  return check;
}

bool says(const SanityCheck& check, const std::string& text) {
  return verdict_of(check).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a map that moves when the weights are shuffled passes") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &shuffled, &shuffled, &shuffled});
  // Ranks agree less, because bins that the model ignores contain noise.
  CHECK(*found.seeds.pearson > 0.9);
  CHECK(std::abs(*found.shuffles[0].map.to_model.spearman) < 0.4);
  CHECK(found.verdict() == SanityVerdict::passes);
  CHECK(says(found, "of the map is left"));
}

TEST_CASE("a map that stays when the weights are shuffled does not pass") {
  RectangleModel model(kHere);
  const SanityCheck found = check({&model, &model, &model, &model});
  CHECK(*found.shuffles[0].map.to_model.spearman == Approx(*found.seeds.spearman));
  CHECK(*found.shuffles[0].seeds.spearman == Approx(*found.seeds.spearman));
  CHECK(*found.mean_that_stays() == Approx(1.0));
  CHECK(found.verdict() == SanityVerdict::does_not_pass);
  CHECK(says(found, "does not pass"));
}

TEST_CASE("the compared maps have masks of different seeds, and nothing else differs") {
  RectangleModel model(kHere);
  ExplainOptions options = some_masks();
  options.masks.seed = 5;
  options.masks.recording = GENERATE("", "e3b0c44298fc1c149afbf4c8996fb924");
  options.repeat = RepeatOptions{};  // does not affect the map
  const SanityCheck found = check({&model, &model}, options, 1);
  CHECK(found.model[0].values == test::explain_with(model, recording(), options).contrast.values);
  options.masks.seed = 6;
  CHECK(found.model[1].values == test::explain_with(model, recording(), options).contrast.values);
  CHECK(found.shuffles[0].map.contrast.values == found.model[0].values);
  CHECK(found.shuffles[0].second_seed.values == found.model[1].values);
  CHECK(found.model[1].values != found.model[0].values);
  CHECK(found.masks == 3 * 512);  // the tested map is not recomputed
}

TEST_CASE("shuffled models with a constant score are set aside, and say nothing of the map") {
  RectangleModel model(kHere);
  RectangleModel moved(kThere);
  ConstantModel constant;
  SECTION("all of them: inconclusive, not a pass") {
    const SanityCheck found = check({&model, &constant, &constant, &constant});
    CHECK(found.shuffles[0].outcome() == ShuffleOutcome::constant);
    CHECK_FALSE(found.what_stays(found.shuffles[0]));
    CHECK(found.verdict() == SanityVerdict::inconclusive);
    CHECK(verdict_of(found) ==
          "inconclusive: too few shuffled models have a map to compare with (3 are needed); "
          "test with more --shuffles; 0 of 3 shuffles; set aside: 3 with a constant score");
    CHECK(text_of(found, found.shuffles[0]) == "set aside, its score is constant");
  }
  SECTION("some of them: the others are the mean") {
    const SanityCheck found = check({&model, &constant, &model, &model, &model}, some_masks(), 4);
    CHECK(*found.mean_that_stays() == Approx(1.0));
    CHECK(says(found,
               "; mean of 3 of 4 shuffles: 1.00 1.00 1.00; set aside: 1 with a constant score"));
  }
}

TEST_CASE("of a map that its own seeds do not agree on nothing can be told") {
  RectangleModel shuffled(kThere);
  ConstantModel constant;
  const SanityCheck of_constant = check({&constant, &shuffled, &shuffled, &shuffled});
  CHECK(of_constant.verdict() == SanityVerdict::inconclusive);
  CHECK(says(of_constant, "the model's score is constant whatever is masked"));
  CHECK(text_of(of_constant, of_constant.shuffles[0]) == "not compared");
  RectangleModel model({0, 1, 0, 1});
  ExplainOptions options = some_masks();
  options.masks.grid = {8, 10};
  options.masks.count = 16;
  options.masks.design = DesignKind::independent;
  options.estimator = Estimator::mask_sum;
  const SanityCheck found = check({&model, &shuffled, &shuffled, &shuffled}, options);
  CHECK(found.verdict() == SanityVerdict::inconclusive);
  CHECK(says(found, " only (Spearman; 0.5 is needed); explain with more masks"));
}

TEST_CASE("the verdict measures what stays by what the masks allow") {
  const auto verdict = [](double seeds, double shuffled_seeds, double stays) {
    return check_of(seeds, std::vector(3, shuffle(shuffled_seeds, stays))).verdict();
  };
  CHECK(verdict(0.9, 0.6, 0.36) == SanityVerdict::passes);  // half of the root of 0.54 is 0.367
  CHECK(verdict(0.9, 0.6, 0.37) == SanityVerdict::does_not_pass);
  CHECK(verdict(0.9, 0.6, -0.37) == SanityVerdict::does_not_pass);
  CHECK(verdict(1.0, 1.0, 0.37) == SanityVerdict::passes);
  CHECK(verdict(0.9, 0.4, 0.0) == SanityVerdict::inconclusive);
  CHECK(verdict(0.4, 0.9, 0.0) == SanityVerdict::inconclusive);
  CHECK(verdict(0.9, 0.0, 0.0) == SanityVerdict::inconclusive);
}

TEST_CASE("of several shuffles the mean counts, of three or more that tell") {
  SanityCheck check = check_of(0.81, {shuffle(1.0, 0.72), shuffle(1.0, -0.09), shuffle(0.3, 0.9),
                                      shuffle(1.0, 0.27), without_reaction()});
  CHECK(check.shuffles[2].outcome() == ShuffleOutcome::noise);
  CHECK_FALSE(check.what_stays(check.shuffles[2]));
  CHECK(*check.mean_that_stays() == Approx((0.8 + 0.1 + 0.3) / 3));
  CHECK(verdict_of(check) ==
        "passes: 0.40 of the map is left when all weights are shuffled; two seeds of the masks "
        "agree to 0.81 (Spearman); mean of 3 of 5 shuffles: 0.80 0.10 0.30; set aside: 1 with a "
        "constant score, 1 mostly noise");
  CHECK(text_of(check, check.shuffles[1]) ==
        "0.10 of the map stays (correlation of ranks -0.09, of values 0.50)");
  CHECK(text_of(check, check.shuffles[2]) == "set aside, mostly noise");
  check.shuffles[1].map.to_model.spearman = 0.9;
  CHECK(check.verdict() == SanityVerdict::does_not_pass);
  CHECK(says(check, "0.70 of the map stays when all weights are shuffled"));
  check.shuffles[0].seeds.spearman = 0.2;
  CHECK(check.verdict() == SanityVerdict::inconclusive);
  CHECK(verdict_of(check) ==
        "inconclusive: too few shuffled models have a map to compare with (3 are needed); "
        "explain with more masks; 2 of 5 shuffles: "
        "1.00 0.30; set aside: 1 with a constant score, 2 mostly noise");
}

TEST_CASE("each shuffle is compared alone") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &shuffled, &model}, some_masks(), 2);
  REQUIRE(found.shuffles.size() == 2);
  CHECK(found.stages.empty());
  CHECK(*found.what_stays(found.shuffles[0]) < 0.45);
  CHECK(*found.what_stays(found.shuffles[1]) == Approx(1.0));
  CHECK(found.masks == 5 * 512);
}

TEST_CASE("a cascade has a map for each number of shuffled layers") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &model, &shuffled}, some_masks(), 1);
  REQUIRE(found.stages.size() == 1);
  REQUIRE(found.shuffles.size() == 1);
  CHECK(found.stages[0].layers == 1);
  CHECK(*found.stages[0].to_model.pearson > 0.9);
  CHECK(found.shuffles[0].map.layers == 2);
  CHECK(std::abs(*found.shuffles[0].map.to_model.spearman) < 0.4);
}

TEST_CASE("a shuffled model is asked about the class that the model itself chose") {
  HalvesModel model(10.0F, 0.0F);
  HalvesModel shuffled(0.0F, 10.0F);  // the same except for the class with the highest score
  ExplainOptions options = some_masks();
  options.score = parse_score("top");
  const SanityCheck found = check({&model, &shuffled}, options, 1);
  CHECK(*found.seeds.spearman > 0.9);
  CHECK(*found.shuffles[0].map.to_model.spearman > 0.9);
}

TEST_CASE("options that leave nothing to compare are refused, and maps of another shape") {
  RectangleModel model(kHere);
  CHECK_THROWS_AS(check({&model}), ConfigError);
  ExplainOptions options = some_masks();
  options.masks.listed = MaskList{{1, 2}, {{{1, 0}, {0, 0}}, {{0, 1}, {0, 0}}}, {}};
  CHECK_THROWS_AS(check({&model, &model}, options), ConfigError);
  options = some_masks();
  options.masks.family = MaskFamily::window;
  options.masks.windows = {{parse_size("4x4", "--window"), {}},
                           {parse_size("8x8", "--window"), {}}};
  CHECK_THROWS_AS(check({&model, &model}, options), ConfigError);
  Engine engine(model, test::batches_of(16));
  const std::vector<SanityModel> models{{&engine, 0, false, {}}, {&engine, 1, true, {}}};
  CHECK_THROWS_AS(check_sanity(Array2d<double>(3, 3), models, recording(), some_masks()),
                  ConfigError);
}
