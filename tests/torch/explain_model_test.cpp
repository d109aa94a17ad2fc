#include <algorithm>
#include <cstddef>
#include <string>

#include "occlusion/embed.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/largest_difference.hpp"
#include "support/run_model.hpp"
#include "test_models.hpp"

using namespace relax_spectro;
using namespace relax_spectro::test;

TEST_CASE("the map of a model that hears one rectangle peaks inside it", "[explain]") {
  const FillKind fill = GENERATE(FillKind::zero, FillKind::silence);
  ExplainOptions options = few_masks();
  options.masks.count = 2000;
  options.fill.kind = fill;
  const auto model = load("rectangle");
  const Explanation result = test::explain_with(*model, noise(kOneWindowS, 8000), options);
  const Array2d<double>& map = result.saliency.importance;
  REQUIRE(map.rows == kBands);
  REQUIRE(map.columns == kFrames);
  const auto peak = std::max_element(map.values.begin(), map.values.end()) - map.values.begin();
  const auto at = static_cast<std::size_t>(peak);
  INFO("peak at band " << at / kFrames << ", frame " << at % kFrames);
  CHECK(kRectangle.holds(at / kFrames, at % kFrames));
  REQUIRE(result.saliency.noise_to_contrast.has_value());
  CHECK(*result.saliency.noise_to_contrast < 0.5);
  CHECK(result.warnings.empty());
}

TEST_CASE("all orders of the axes give the same scores", "[explain]") {
  const std::string name = GENERATE("rectangle-time-first", "rectangle-no-channel", "tuple", "dict",
                                    "named-method", "card-inside");
  INFO(name);
  const Audio audio = noise(0.4, 8000);
  const Explanation expected = test::explain_with(*load("rectangle"), audio, few_masks());
  const Explanation actual = test::explain_with(*load(name), audio, few_masks());
  CHECK(expected.scores.rows == 3);
  CHECK(largest_difference(actual.scores.values, expected.scores.values) < 1e-6);
}

TEST_CASE("a constant model has a constant map, no uncertainty, and is unresolved", "[explain]") {
  const Explanation result =
      test::explain_with(*load("constant"), noise(kOneWindowS, 8000), few_masks());
  for (const double value : result.saliency.importance.values) CHECK(value == 1.0);
  for (const double value : result.saliency.uncertainty.values) CHECK(value == 0.0);
  CHECK_FALSE(result.saliency.noise_to_contrast.has_value());
  REQUIRE(result.warnings.size() == 1);
  CHECK(result.warnings[0].starts_with("unresolved"));
}

TEST_CASE("a score needs the output that it is of", "[explain]") {
  CHECK_THROWS_AS(test::explain_with(*load("class-scores-only"), noise(0.2, 8000), few_masks()),
                  ConfigError);
}

TEST_CASE("the same seed gives the same bytes again", "[explain]") {
  const Audio audio = noise(0.4, 8000);
  const Explanation first = test::explain_with(*load("convolution"), audio, few_masks());
  const Explanation again = test::explain_with(*load("convolution"), audio, few_masks());
  CHECK(same_bytes(first.scores.values, again.scores.values));
  CHECK(same_bytes(first.saliency.importance.values, again.saliency.importance.values));
  CHECK(same_bytes(first.saliency.uncertainty.values, again.saliency.uncertainty.values));
  ExplainOptions other_seed = few_masks();
  ++other_seed.masks.seed;
  const Explanation other = test::explain_with(*load("convolution"), audio, other_seed);
  CHECK_FALSE(same_bytes(first.scores.values, other.scores.values));
}

TEST_CASE("windows of a recording are embedded one row each", "[embed]") {
  const auto model = load("tuple");
  const Audio audio = noise(1.0, 8000);
  Engine large(*model, test::batches_of(64));
  Engine small(*model, test::batches_of(2));
  const Embeddings all = embed(large, audio, {});
  const Embeddings two_by_two = embed(small, audio, {});
  CHECK(all.embedding.rows == 7);  // 124 frames: six windows of 20, and one flush with the end
  CHECK(all.class_scores.rows == 7);
  CHECK(all.first_frame_s.size() == 7);
  CHECK(all.embedding.values == two_by_two.embedding.values);
}
