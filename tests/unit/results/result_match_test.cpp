#include "relax_spectro/results/result_match.hpp"

#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result_file.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

/// A result, and what it was made with.
class Made {
 public:
  explicit Made(const ExplainOptions& made_with = quick()) : options(made_with) {
    provenance.input = {"dog.wav", std::string(64, 'a')};
    provenance.model = {"net.pt", std::string(64, 'b')};
    const Explanation explanation = test::explain_with(model, test::noise(0.35, 8000), options);
    write_result(folder_ / "dog", explanation, options, model.card(), provenance, Overwrite::no);
  }

  static ExplainOptions quick() {
    ExplainOptions options;
    options.masks.count = 64;
    options.masks.grid = {4, 5};
    return options;
  }

  [[nodiscard]] std::vector<std::string> differences() const {
    return result_differences(folder_ / "dog.json", options, model.card(), provenance);
  }

  test::RectangleModel model{{4, 8, 5, 10}};
  ExplainOptions options;
  Provenance provenance;

 private:
  test::TemporaryFolder folder_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a result does not differ from the run that made it, whatever was left open") {
  CHECK(Made().differences() == Texts{});
  ExplainOptions options = Made::quick();
  options.masks.family = MaskFamily::time_frequency;
  CHECK(Made(options).differences() == Texts{});
  options.masks.family = MaskFamily::window;
  CHECK(Made(options).differences() == Texts{});
  options = Made::quick();
  options.masks.count.reset();
  options.masks.automatic.most_masks = 128;
  options.hop_s = 0.051;
  CHECK(Made(options).differences() == Texts{});
}

TEST_CASE("each option, hash and card field that differs is named") {
  Made made;
  made.options.masks.seed = 7;
  made.options.masks.seed_by = SeedBy::run;
  made.options.fill = parse_fill("mean");
  made.provenance.input.sha256 = std::string(64, 'c');
  const Texts found = made.differences();
  REQUIRE(found.size() == 4);
  CHECK(found[0] ==
        "input.sha256 is \"" + std::string(64, 'a') + "\", now \"" + std::string(64, 'c') + "\"");
  CHECK(found[1] == "options.fill is \"zero\", now \"mean\"");
  CHECK(found[2] == "options.masks.seed is 0, now 7");
  CHECK(found[3] == "options.masks.seed_by is \"recording\", now \"run\"");
}

TEST_CASE("another design, estimator or hop than the one that was resolved is a difference") {
  Made made;
  made.options.masks.design = DesignKind::sobol;
  CHECK(made.differences() == Texts{"options.masks.design is \"code\", now \"sobol\""});
  made.options = Made::quick();
  made.options.estimator = Estimator::mask_sum;
  CHECK(made.differences() == Texts{"options.estimator is \"regression\", now \"mask-sum\""});
  made.options = Made::quick();
  made.options.hop_s = 0.04;
  CHECK(made.differences().size() == 1);
}

TEST_CASE("how a result is run and where its files lie is no difference") {
  Made made;
  made.provenance.input.path = "elsewhere/dog.wav";
  made.provenance.model.path = "elsewhere/net.pt";
  made.provenance.model_options.device = "cuda";
  made.provenance.model_options.optimise = false;
  CHECK(made.differences() == Texts{});
}

TEST_CASE("numbers of fewer digits are a difference") {
  Made made;
  made.provenance.model_options.precision = Precision::bfloat16;
  CHECK(made.differences() == Texts{"options.precision is \"single\", now \"bfloat16\""});
}

TEST_CASE("what is no result is refused") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "dog.json", "{\"format\": \"mine\"}", Overwrite::no);
  const test::RectangleModel model({4, 8, 5, 10});
  CHECK_THROWS_AS(result_differences(folder / "dog.json", {}, model.card(), {}), IoError);
  CHECK_THROWS_AS(flipping_differences(folder / "dog.json", {}, {}), IoError);
}

TEST_CASE("a flipping differs in its options, and where its result was made anew") {
  const test::TemporaryFolder folder;
  Flipping flipping;
  flipping.step_size = 3;
  flipping.fraction = {0.0, 1.0};
  FlipOptions options;
  FlipSource source;
  source.map = "importance";
  source.result.sha256 = std::string(64, 'a');
  write_flipping(folder / "dog.flip", flipping, options, source, Overwrite::no);
  CHECK(flipping_differences(folder / "dog.flip.json", options, source) == Texts{});
  options.steps = 10;
  CHECK(flipping_differences(folder / "dog.flip.json", options, source) ==
        Texts{"options.steps is 20, now 10"});
  options.steps = 20;
  source.result.sha256 = std::string(64, 'b');
  CHECK(flipping_differences(folder / "dog.flip.json", options, source).size() == 1);
  CHECK_FALSE(read_flip_summary(folder / "dog.flip.json").gains);
}
