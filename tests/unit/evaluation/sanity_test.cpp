#include "relax_spectro/evaluation/sanity.hpp"

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

// One map varies along frequency alone, the other along time: their ranks have nothing in common.
constexpr test::Rectangle kHere{0, 6, 0, 20};
constexpr test::Rectangle kThere{0, 16, 13, 20};

ExplainOptions some_masks() {
  ExplainOptions options;
  options.masks.count = 512;
  options.masks.grid = {4, 5};
  options.fill.kind = FillKind::silence;
  return options;
}

/// Compares a model with others that stand for it with 1, 2 ... of its layers shuffled.
/// @param whole  the last so many have all layers shuffled.
SanityCheck check(const std::vector<Model*>& models, const ExplainOptions& options = some_masks(),
                  std::size_t whole = 1) {
  std::vector<std::unique_ptr<Engine>> engines;
  std::vector<SanityModel> all;
  for (Model* model : models) {
    engines.push_back(std::make_unique<Engine>(*model, test::batches_of(16)));
    const bool is_whole = !all.empty() && all.size() + whole >= models.size();
    all.push_back({engines.back().get(), all.size(), is_whole, {}});
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
  CHECK(std::abs(*found.shuffles[0].map.to_model.spearman) < 0.4);
  CHECK(found.verdict() == SanityVerdict::passes);
  CHECK(says(found, "of the map is left"));
}

TEST_CASE("a map that stays when the weights are shuffled does not pass") {
  RectangleModel model(kHere);
  const SanityCheck found = check({&model, &model});
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
  const SanityCheck found = check({&model, &model}, options);
  const Audio audio = test::noise(19.5 * 64 / 8000, 8000);
  CHECK(found.model[0].values == test::explain_with(model, audio, options).contrast.values);
  options.masks.seed = 6;
  CHECK(found.model[1].values == test::explain_with(model, audio, options).contrast.values);
  CHECK(found.shuffles[0].map.contrast.values == found.model[0].values);
  CHECK(found.shuffles[0].second_seed.values == found.model[1].values);
  CHECK(found.model[1].values != found.model[0].values);
  CHECK(found.masks == 4 * 512);
}

TEST_CASE("a shuffled model that reacts to nothing leaves nothing of the map") {
  RectangleModel model(kHere);
  ConstantModel shuffled;
  const SanityCheck found = check({&model, &shuffled});
  CHECK_FALSE(found.shuffles[0].map.reacts);
  CHECK_FALSE(found.shuffles[0].map.to_model.spearman);
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
  check.shuffles.push_back({{3, {}, true, {}}, {}, {}});
  const auto verdict = [&check](double seeds, double shuffled_seeds, double stays) {
    check.seeds.spearman = seeds;
    check.shuffles[0].seeds.spearman = shuffled_seeds;
    check.shuffles[0].map.to_model.spearman = stays;
    return check.verdict();
  };
  CHECK(verdict(0.9, 0.6, 0.36) == SanityVerdict::passes);  // half of the root of 0.54 is 0.367
  CHECK(verdict(0.9, 0.6, 0.37) == SanityVerdict::does_not_pass);
  CHECK(verdict(0.9, 0.6, -0.37) == SanityVerdict::does_not_pass);
  CHECK(verdict(1.0, 1.0, 0.37) == SanityVerdict::passes);
  CHECK(verdict(0.9, 0.4, 0.0) == SanityVerdict::cannot_tell);
  CHECK(verdict_of(check) ==
        "two seeds of the masks agree to 0.90 (Spearman), but not with shuffled weights: take more "
        "masks; cannot tell");
  CHECK(verdict(0.4, 0.9, 0.0) == SanityVerdict::cannot_tell);
  CHECK(verdict(0.9, 0.0, 0.0) == SanityVerdict::cannot_tell);
  check.shuffles[0].map.reacts = false;
  CHECK(check.verdict() == SanityVerdict::passes);
}

TEST_CASE("of several shuffles the mean counts, of those that tell") {
  SanityCheck check;
  check.seeds.spearman = 0.81;
  for (const auto& [seeds, stays] :
       {std::pair{1.0, 0.72}, std::pair{1.0, -0.09}, std::pair{0.3, 0.9}, std::pair{1.0, 0.27}}) {
    check.shuffles.push_back({{3, {}, true, {{}, stays}}, {}, {{}, seeds}});
  }
  CHECK_FALSE(check.what_stays(check.shuffles[2]));
  CHECK(*check.mean_that_stays() == Approx((0.8 + 0.1 + 0.3) / 3));
  CHECK(verdict_of(check) ==
        "0.40 of the map is left when all weights are shuffled (0.80 0.10 noise 0.30), where two "
        "seeds of the masks agree to 0.81 (Spearman): passes");
  check.shuffles[1].map.to_model.spearman = 0.9;
  CHECK(check.verdict() == SanityVerdict::does_not_pass);
  CHECK(says(check, "0.70 of the map stays when all weights are shuffled"));
}

TEST_CASE("each shuffle is compared by itself") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &shuffled, &model}, some_masks(), 2);
  REQUIRE(found.shuffles.size() == 2);
  CHECK(found.stages.empty());
  CHECK(*found.what_stays(found.shuffles[0]) < 0.45);
  CHECK(*found.what_stays(found.shuffles[1]) == Approx(1.0));
  CHECK(found.masks == 6 * 512);
}

TEST_CASE("a cascade has a map for each number of shuffled layers") {
  RectangleModel model(kHere);
  RectangleModel shuffled(kThere);
  const SanityCheck found = check({&model, &model, &shuffled});
  REQUIRE(found.stages.size() == 1);
  REQUIRE(found.shuffles.size() == 1);
  CHECK(found.stages[0].layers == 1);
  CHECK(*found.stages[0].to_model.pearson > 0.9);
  CHECK(found.shuffles[0].map.layers == 2);
  CHECK(std::abs(*found.shuffles[0].map.to_model.spearman) < 0.4);
  CHECK(found.verdict() == SanityVerdict::passes);
}

TEST_CASE("a shuffled model is asked about the class that the model itself chose") {
  HalvesModel model(10.0F, 0.0F);
  HalvesModel shuffled(0.0F, 10.0F);  // the same, but for the class that it scores highest
  ExplainOptions options = some_masks();
  options.score = parse_score("top");
  const SanityCheck found = check({&model, &shuffled}, options);
  CHECK(*found.seeds.spearman > 0.9);
  CHECK(*found.shuffles[0].map.to_model.spearman > 0.9);
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
