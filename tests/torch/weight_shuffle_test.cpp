#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/model/model.hpp"
#include "support/catch.hpp"
#include "test_models.hpp"

namespace {

using namespace relax_spectro;

using test::kBands;
using test::kFrames;

std::unique_ptr<Model> load_with(const std::string& name,
                                 std::optional<WeightShuffle> shuffle = {}) {
  ModelOptions options;
  options.shuffle = shuffle;
  return test::load(name, options);
}

/// The embedding of a window of zeros.
std::vector<float> embedding_of(Model& model) {
  std::vector<float> window(kBands * kFrames, 0.0F);
  return model.forward(window, 1, kFrames).embedding.values;
}

std::vector<float> part(const std::vector<float>& values, std::size_t begin, std::size_t count) {
  return {values.begin() + static_cast<std::ptrdiff_t>(begin),
          values.begin() + static_cast<std::ptrdiff_t>(begin + count)};
}

std::vector<float> sorted(std::vector<float> values) {
  std::ranges::sort(values);
  return values;
}

}  // namespace

TEST_CASE("shuffling permutes the values of each array of weights, and no buffer", "[shuffle]") {
  const std::vector<float> learnt = embedding_of(*load_with("weights"));
  const std::vector<float> shuffled = embedding_of(*load_with("weights", WeightShuffle{1, {}}));
  for (const std::size_t begin : {0, 6}) {
    CHECK(part(shuffled, begin, 6) != part(learnt, begin, 6));
    CHECK(sorted(part(shuffled, begin, 6)) == part(learnt, begin, 6));
  }
  CHECK(part(shuffled, 12, 6) == part(learnt, 12, 6));
}

TEST_CASE("each array of weights has an order of its own", "[shuffle]") {
  const std::vector<float> shuffled = embedding_of(*load_with("weights", WeightShuffle{1, {}}));
  std::vector<float> second = part(shuffled, 6, 6);
  for (float& value : second) value -= 10.0F;
  CHECK(second != part(shuffled, 0, 6));
}

TEST_CASE("a seed gives the same weights each time, another seed others", "[shuffle]") {
  const std::vector<float> shuffled = embedding_of(*load_with("weights", WeightShuffle{1, {}}));
  CHECK(embedding_of(*load_with("weights", WeightShuffle{1, {}})) == shuffled);
  CHECK(embedding_of(*load_with("weights", WeightShuffle{2, {}})) != shuffled);
}

TEST_CASE("the last layers are shuffled first, each as it is when all are", "[shuffle]") {
  const std::vector<float> learnt = embedding_of(*load_with("weights"));
  const std::vector<float> all = embedding_of(*load_with("weights", WeightShuffle{1, {}}));
  const std::vector<float> last = embedding_of(*load_with("weights", WeightShuffle{1, 1}));
  CHECK(part(last, 0, 6) == part(learnt, 0, 6));
  CHECK(part(last, 6, 6) == part(all, 6, 6));
  CHECK(embedding_of(*load_with("weights", WeightShuffle{1, 2})) == all);
  CHECK(embedding_of(*load_with("weights", WeightShuffle{1, 99})) == all);
}

TEST_CASE("running statistics stay, in a frozen file too", "[shuffle]") {
  const std::string name = GENERATE("batch-norm", "batch-norm-frozen");
  INFO(name);
  // -mean / sqrt(variance) * weight = -m / m^2 * m^2, with m from 1 to 4.
  CHECK(embedding_of(*load_with(name)) == std::vector<float>{-1, -2, -3, -4});
  std::vector<float> weights = embedding_of(*load_with(name, WeightShuffle{1, {}}));
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= -static_cast<float>(i + 1);
  CHECK(weights != std::vector<float>{1, 4, 9, 16});
  const std::vector<float> rising = sorted(weights);
  for (std::size_t i = 0; i < rising.size(); ++i) {
    CHECK(rising[i] == Approx(static_cast<float>((i + 1) * (i + 1))));
  }
}

TEST_CASE("layers are named by their modules, or by operators", "[shuffle]") {
  CHECK(load_with("two-layers")->layers() == std::vector<std::string>{"features", "head"});
  CHECK(load_with("batch-norm-frozen")->layers() == std::vector<std::string>{"batch_norm"});
  CHECK(load_with("weights")->layers().size() == 2);
  CHECK(load_with("rectangle")->layers().empty());
  CHECK(load_with("constant")->layers().empty());  // it contains only a buffer
}

TEST_CASE("only outputs behind a shuffled layer change", "[shuffle]") {
  std::vector<float> window(kBands * kFrames);
  for (std::size_t i = 0; i < window.size(); ++i) window[i] = static_cast<float>(i % 7);
  const auto outputs = [&window](std::optional<WeightShuffle> shuffle) {
    std::vector<float> copy = window;
    return load_with("two-layers", shuffle)->forward(copy, 1, kFrames);
  };
  const ModelOutputs learnt = outputs({});
  const ModelOutputs last = outputs(WeightShuffle{1, 1});
  const ModelOutputs all = outputs(WeightShuffle{1, {}});
  CHECK(last.embedding.values == learnt.embedding.values);
  CHECK(last.class_scores.values != learnt.class_scores.values);
  CHECK(all.embedding.values != learnt.embedding.values);
}

TEST_CASE("what a shuffled model runs on says so", "[shuffle]") {
  CHECK(load_with("weights")->runtime().find("shuffled") == std::string::npos);
  CHECK(load_with("weights", WeightShuffle{7, 1})
            ->runtime()
            .find("weights of 1 of 2 layers shuffled (seed 7)") != std::string::npos);
}

TEST_CASE("a model without weights is not shuffled, nor no layer", "[shuffle]") {
  for (const std::string name : {"rectangle", "constant"}) {
    INFO(name);
    std::string message;
    try {
      static_cast<void>(load_with(name, WeightShuffle{}));
    } catch (const ModelError& error) {
      message = error.what();
    }
    CHECK(message.find("has no weights to shuffle") != std::string::npos);
  }
  CHECK_THROWS_AS(load_with("weights", WeightShuffle{0, 0}), ConfigError);
}
