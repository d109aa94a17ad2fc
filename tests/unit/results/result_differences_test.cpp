#include <fmt/format.h>

#include <string>
#include <vector>

#include "relax_spectro/results/result.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"

using namespace relax_spectro;

namespace {

using Texts = std::vector<std::string>;

Result plain() {
  Result result;
  result.options = test::quick_options();
  result.provenance.input = {"dog.wav", std::string(64, 'a')};
  result.provenance.model = {"net.pt", std::string(64, 'b')};
  return result;
}

/// A result whose maps are of the best class in each window.
Result heard(const std::vector<std::vector<HeardClass>>& classes, bool are_measured = true) {
  Result result;
  if (are_measured) result.options.score = parse_score("top");
  for (const std::vector<HeardClass>& of_window : classes) {
    result.explanation.windows.emplace_back().heard = of_window;
  }
  return result;
}

}  // namespace

TEST_CASE("each option, hash and card field that differs is named") {
  Result now = plain();
  CHECK(differences(plain(), now) == Texts{});
  now.options.masks.seed = 7;
  now.options.masks.design = DesignKind::sobol;
  now.options.fill = parse_fill("mean");
  now.options.hop_s = 0.5;
  now.provenance.input.sha256 = std::string(64, 'c');
  now.provenance.model_options.precision = Precision::bfloat16;
  now.card.front_end.bands = 32;
  CHECK(differences(plain(), now) ==
        Texts{fmt::format("input.sha256 is \"{:a>64}\", now \"{:c>64}\"", "", ""),
              "model.card.front_end.bands is 0, now 32", "options.fill is \"zero\", now \"mean\"",
              "options.hop_s is null, now 0.5", "options.masks.design is null, now \"sobol\"",
              "options.masks.seed is 0, now 7", "precision is \"single\", now \"bfloat16\""});
}

TEST_CASE("the case of a class does not matter") {
  Result before = plain();
  Result now = plain();
  before.options.score = parse_score("logit:Rain");
  now.options.score = parse_score("logit:rain");
  CHECK(differences(before, now) == Texts{});
  now.options.score = parse_score("prob:rain");
  CHECK(differences(before, now).size() == 1);
}

TEST_CASE("another probe is another model") {
  Result now = plain();
  now.provenance.probe = {"birds.probe.json", "d"};
  now.card.labels = {"owl", "wren"};
  CHECK(differences(plain(), now) == Texts{"model.probe.sha256 is missing, now \"d\""});
  Result before = now;
  before.provenance.probe->sha256 = "e";
  CHECK(differences(before, now) == Texts{"model.probe.sha256 is \"e\", now \"d\""});
  CHECK(differences(before, now, {Ignored::model}) == Texts{});
  before.provenance.probe = {"moved.probe.json", "d"};
  CHECK(differences(before, now) == Texts{});
}

TEST_CASE("other scores of a run matter only where they decide the number of masks") {
  Result now = plain();
  now.options.more_scores = parse_scores("dot");
  CHECK(differences(plain(), now) == Texts{});
  Result before = plain();
  before.options.masks.count.reset();
  now.options.masks.count.reset();
  CHECK(differences(before, now).size() == 1);
}

TEST_CASE("how a result is run and where its files lie is no difference") {
  Result now = plain();
  now.provenance.input.path = "elsewhere/dog.wav";
  now.provenance.model.path = "elsewhere/net.pt";
  now.provenance.model_options.device = "cuda";
  now.provenance.model_options.optimise = false;
  now.provenance.tool_version = std::string("9");
  now.explanation.method.engine.workers = 7;
  now.card.notes_json = R"({"by": "me"})";
  CHECK(differences(plain(), now) == Texts{});
}

TEST_CASE("what is to be passed over is") {
  Result now = plain();
  now.options.masks.seed = 7;
  now.options.masks.seed_by = SeedBy::run;
  now.provenance.model.sha256 = std::string(64, 'c');
  now.options.repeat.emplace();
  now.options.hop_s = 0.5;
  now.explanation.windows.resize(1);
  CHECK(differences(plain(), now).size() == 8);
  CHECK(differences(plain(), now,
                    {Ignored::seed, Ignored::model, Ignored::beside, Ignored::outcome}) == Texts{});
}

TEST_CASE("maps of different classes are told apart by them, those of the same ones are not") {
  const HeardClass dog{0, "dog bark", 0.93};
  const HeardClass fire{9, "fire crackling", 0.41};
  const Result one = heard({{dog, fire}});
  CHECK(differing_classes(std::vector{one, heard({{fire, dog}})}) ==
        Texts{"dog bark 0.93", "fire crackling 0.41"});
  CHECK(differing_classes(std::vector{one, one}).empty());
  // Each class is listed once for all windows, with its largest probability.
  const Result many = heard({{{0, "dog bark", 0.5}}, {fire}, {dog}});
  CHECK(differing_classes(std::vector{one, many}) ==
        Texts{"dog bark 0.93", "dog bark 0.93, fire crackling 0.41"});
  // A cosine does not belong to a class, whatever the model hears.
  CHECK(differing_classes(std::vector{one, heard({{fire, dog}}, false)}).empty());
}
