#include <cstddef>
#include <string>
#include <vector>

#include "core/model/probe_windows.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/largest_difference.hpp"
#include "support/run_model.hpp"
#include "test_models.hpp"

using namespace relax_spectro;
using namespace relax_spectro::test;

TEST_CASE("workers give the same bytes as one, and threads the same scores", "[engine]") {
  const Audio audio = noise(0.4, 8000);
  const auto scores_on = [&audio](int workers, int threads) {
    EngineOptions options = test::batches_of(16);
    options.workers = workers;
    options.threads = threads;
    return test::explain_with(*load("convolution"), audio, few_masks(), options).scores.values;
  };
  const std::vector<double> expected = scores_on(1, 1);
  CHECK(same_bytes(scores_on(2, 1), expected));
  CHECK(same_bytes(scores_on(3, 1), expected));
  const double difference = largest_difference(scores_on(1, 2), expected);
  if (difference > 0.0) WARN("scores on one thread and two differ by up to " << difference);
  CHECK(difference < 1e-6);
}

TEST_CASE("the batch size does not matter", "[engine]") {
  const std::string name = GENERATE("rectangle", "convolution");
  const std::size_t batch_size = GENERATE(1, 7, 64);
  INFO(name << ", batches of " << batch_size);
  const Audio audio = noise(0.4, 8000);
  const Explanation expected = test::explain_with(*load(name), audio, few_masks());
  const Explanation actual =
      test::explain_with(*load(name), audio, few_masks(), test::batches_of(batch_size));
  CHECK(largest_difference(actual.scores.values, expected.scores.values) < 1e-6);
}

TEST_CASE("an optimised network gives the loaded one's scores", "[engine]") {
  const std::string name = GENERATE("rectangle", "convolution", "tuple", "named-method");
  INFO(name);
  const Audio audio = noise(0.4, 8000);
  const auto optimised = load(name);
  const auto plain = load(name, {"cpu", false});
  CHECK(plain->runtime().find("optimised") == std::string::npos);
  CHECK(optimised->warnings().empty());
  const Explanation expected = test::explain_with(*plain, audio, few_masks());
  const Explanation actual = test::explain_with(*optimised, audio, few_masks());
  CHECK(largest_difference(actual.scores.values, expected.scores.values) < 1e-6);
}

TEST_CASE("numbers of fewer digits give nearly the same outputs, and it is said how nearly",
          "[precision]") {
  const std::string name = GENERATE("rectangle", "convolution", "tuple", "named-method");
  const Precision precision = GENERATE(Precision::half, Precision::bfloat16);
  const bool optimise = GENERATE(true, false);
  INFO(name << ", " << to_string(precision) << (optimise ? ", optimised" : ""));
  const auto single = load(name);
  const auto model = load(name, {"cpu", optimise, precision});
  CHECK_FALSE(single->precision_deviation().has_value());
  CHECK(model->warnings().empty());
  CHECK(model->runtime().find(to_string(precision)) != std::string::npos);
  CHECK(model->parameter_count() == single->parameter_count());
  REQUIRE(model->precision_deviation().has_value());
  CHECK(*model->precision_deviation() > 0.0);
  CHECK(*model->precision_deviation() <= 16 * rounding_of(precision));
  std::vector<float> windows = noise_windows(8);
  const ModelOutputs expected = single->forward(windows, 8, kFrames);
  for (const bool fused : {false, true}) {
    windows = noise_windows(8);
    const ModelOutputs actual =
        fused ? model->forward_fused(windows, 8, kFrames) : model->forward(windows, 8, kFrames);
    const double difference = core::relative_difference(actual, expected);
    CHECK(difference > 0.0);  // the numbers were rounded
    CHECK(difference <= 16 * rounding_of(precision));
  }
  CHECK(model->warnings().empty());
}

TEST_CASE("a network that keeps to single precision is refused in another", "[precision]") {
  const std::string name = GENERATE("only-single", "only-single-inside");
  ModelOptions options;
  options.precision = Precision::half;
  check_says(refusal<ModelError>(name, options),
             {name + ".pt", "--precision half", "Use --precision single", "bfloat16"});
  CHECK(load(name)->warnings().empty());
}

TEST_CASE("fused batches give the loaded network's scores", "[engine]") {
  const std::string name =
      GENERATE("rectangle", "convolution", "pooling", "viewing", "tuple", "named-method");
  INFO(name);
  const auto plain = load(name, {"cpu", false});
  const auto model = load(name);
  std::vector<float> windows = noise_windows(8);
  const ModelOutputs expected = plain->forward(windows, 8, kFrames);
  windows = noise_windows(8);
  const ModelOutputs actual = model->forward_fused(windows, 8, kFrames);
  CHECK(model->warnings().empty());
  CHECK(core::relative_difference(actual, expected) < 1e-5);
}

TEST_CASE("a network that forks is not fused, and runs the same from the first time on",
          "[engine]") {
  const auto run = [](Model& model) {
    std::vector<float> windows = noise_windows(8);
    return model.forward_fused(windows, 8, kFrames);
  };
  const auto forking = load("forking");
  CHECK(forking->fusing() == Fusing::impossible);
  const ModelOutputs first = run(*forking);
  CHECK(run(*forking).embedding.values == first.embedding.values);
  CHECK(core::relative_difference(first, run(*load("convolution"))) < 1e-5);
}

TEST_CASE("outputs of a fused batch do not depend on what the model ran before", "[engine]") {
  const std::string name = GENERATE("convolution", "tuple");
  INFO(name);
  const auto run = [](Model& model, std::size_t batch) {
    std::vector<float> windows = noise_windows(batch);
    return model.forward_fused(windows, batch, kFrames);
  };
  const auto small_first = load(name);
  const ModelOutputs small = run(*small_first, 3);
  const ModelOutputs large = run(*small_first, 8);
  const auto large_first = load(name);
  CHECK(run(*large_first, 8).embedding.values == large.embedding.values);
  CHECK(run(*large_first, 8).embedding.values == large.embedding.values);
  CHECK(run(*large_first, 3).embedding.values == small.embedding.values);
}

TEST_CASE("a model says how much memory a window takes", "[engine]") {
  const std::size_t bytes = load("convolution")->bytes_per_window();
  CHECK(bytes >= kBands * kFrames * sizeof(float));
  CHECK(bytes < 1'000'000);
}
