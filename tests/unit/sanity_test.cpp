#include "relax_spectro/sanity.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;
using test::ConstantModel;
using test::HalvesModel;
using test::RectangleModel;

namespace {

constexpr test::Rectangle kHere{0, 5, 0, 6};
constexpr test::Rectangle kThere{10, 16, 14, 20};

ExplainOptions some_masks() {
  ExplainOptions options;
  options.masks.count = 512;
  options.masks.grid = {4, 5};
  options.fill.kind = FillKind::silence;
  return options;
}

/// Compares a model with others that stand for it with 1, 2 ... of its layers shuffled.
SanityCheck check(const std::vector<Model*>& models, const ExplainOptions& options = some_masks()) {
  std::vector<std::unique_ptr<Engine>> engines;
  std::vector<SanityModel> all;
  for (Model* model : models) {
    engines.push_back(std::make_unique<Engine>(*model, test::batches_of(16)));
    all.push_back({engines.back().get(), all.size(), {}});
  }
  return check_sanity(all, test::noise(19.5 * 64 / 8000, 8000), options);
}

bool says(const SanityCheck& check, const std::string& text) {
  return verdict_of(check).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a map that moves when the weights are shuffled passes") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &shuffled});
  // By ranks they agree less: those of the bins that the model does not hear are noise.
  CHECK(*found.seeds.pearson > 0.9);
  CHECK(std::abs(*found.all_shuffled().to_model.spearman) < 0.4);
  CHECK(found.verdict() == SanityVerdict::passes);
  CHECK(says(found, "the map changes"));
}

TEST_CASE("a map that stays when the weights are shuffled does not pass") {
  RectangleModel model(kHere);
  const SanityCheck found = check({&model, &model});
  CHECK(*found.all_shuffled().to_model.spearman == Approx(*found.seeds.spearman));
  CHECK(*found.shuffled_seeds.spearman == Approx(*found.seeds.spearman));
  CHECK(found.verdict() == SanityVerdict::does_not_pass);
  CHECK(says(found, "does not pass"));
}

TEST_CASE("the compared maps have masks of different seeds, and nothing else differs") {
  RectangleModel model(kHere);
  ExplainOptions options = some_masks();
  options.masks.seed = 5;
  const SanityCheck found = check({&model, &model}, options);
  const Audio audio = test::noise(19.5 * 64 / 8000, 8000);
  CHECK(found.model[0].values == test::explain_with(model, audio, options).contrast.values);
  options.masks.seed = 6;
  CHECK(found.model[1].values == test::explain_with(model, audio, options).contrast.values);
  CHECK(found.shuffled[0].values == found.model[0].values);
  CHECK(found.model[1].values != found.model[0].values);
  CHECK(found.masks == 4 * 512);
}

TEST_CASE("a shuffled model that reacts to nothing leaves nothing of the map") {
  RectangleModel model(kHere);
  ConstantModel shuffled;
  const SanityCheck found = check({&model, &shuffled});
  CHECK_FALSE(found.all_shuffled().reacts);
  CHECK_FALSE(found.all_shuffled().to_model.spearman);
  CHECK(found.verdict() == SanityVerdict::passes);
}

TEST_CASE("of a map that its own seeds do not agree on nothing can be told") {
  RectangleModel shuffled(kThere);
  ConstantModel flat;
  CHECK(check({&flat, &shuffled}).verdict() == SanityVerdict::cannot_tell);
  RectangleModel model({0, 1, 0, 1});
  ExplainOptions options = some_masks();
  options.masks.grid = {8, 10};
  options.masks.count = 16;
  options.masks.design = DesignKind::independent;
  options.estimator = Estimator::mask_sum;
  const SanityCheck found = check({&model, &shuffled}, options);
  CHECK(found.verdict() == SanityVerdict::cannot_tell);
  CHECK(says(found, "take more masks; cannot tell"));
}

TEST_CASE("the verdict measures what stays by what the masks allow") {
  SanityCheck check;
  check.stages.push_back({3, {}, true, {}});
  const auto verdict = [&check](double seeds, double shuffled_seeds, double stays) {
    check.seeds.spearman = seeds;
    check.shuffled_seeds.spearman = shuffled_seeds;
    check.stages.back().to_model.spearman = stays;
    return check.verdict();
  };
  CHECK(verdict(0.9, 0.6, 0.36) == SanityVerdict::passes);  // half of the root of 0.54 is 0.367
  CHECK(verdict(0.9, 0.6, 0.37) == SanityVerdict::does_not_pass);
  CHECK(verdict(0.9, 0.6, -0.37) == SanityVerdict::does_not_pass);
  CHECK(verdict(1.0, 1.0, 0.37) == SanityVerdict::passes);
  CHECK(verdict(0.9, 0.4, 0.0) == SanityVerdict::cannot_tell);
  CHECK(verdict_of(check) ==
        "correlation 0.00 (Spearman), two seeds of the model agree to 0.90, of the shuffled model "
        "to 0.40 only: take more masks; cannot tell");
  CHECK(verdict(0.4, 0.9, 0.0) == SanityVerdict::cannot_tell);
  check.stages.back().reacts = false;
  CHECK(verdict(0.9, 0.0, 0.0) == SanityVerdict::passes);
}

TEST_CASE("a cascade has a map for each number of shuffled layers") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &model, &shuffled});
  REQUIRE(found.stages.size() == 2);
  CHECK(found.stages[0].layers == 1);
  CHECK(*found.stages[0].to_model.pearson > 0.9);
  CHECK(std::abs(*found.stages[1].to_model.spearman) < 0.4);
  CHECK(found.verdict() == SanityVerdict::passes);
}

TEST_CASE("a shuffled model is asked about the class that the model itself chose") {
  HalvesModel model(10.0F, 0.0F);
  HalvesModel shuffled(0.0F, 10.0F);  // the same, but for the class that it scores highest
  ExplainOptions options = some_masks();
  options.score = parse_score("top");
  const SanityCheck found = check({&model, &shuffled}, options);
  CHECK(*found.seeds.spearman > 0.9);
  CHECK(*found.all_shuffled().to_model.spearman > 0.9);
}

TEST_CASE("options that leave nothing to compare are refused") {
  RectangleModel model(kHere);
  CHECK_THROWS_AS(check({&model}), ConfigError);
  ExplainOptions options = some_masks();
  options.masks.listed = MaskList{{1, 2}, {{{1, 0}, {0, 0}}, {{0, 1}, {0, 0}}}, {}};
  CHECK_THROWS_AS(check({&model, &model}, options), ConfigError);
  options = some_masks();
  options.repeat = RepeatOptions{};
  CHECK_THROWS_AS(check({&model, &model}, options), ConfigError);
  options = some_masks();
  options.masks.family = MaskFamily::window;
  options.masks.windows = {{parse_size("4x4", "--window"), {}},
                           {parse_size("8x8", "--window"), {}}};
  CHECK_THROWS_AS(check({&model, &model}, options), ConfigError);
}
