#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/probe_windows.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/embed.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace relax_spectro;
using relax_spectro::test::noise;

// As tests/support/make_test_models.cpp has it.
constexpr test::Rectangle kRectangle{4, 8, 8, 14};
constexpr float kSilence = -2.0F;
constexpr std::size_t kBands = 16;
constexpr std::size_t kFrames = 20;
constexpr double kOneWindow_s = (128.0 + 19.0 * 64.0) / 8000.0;

std::filesystem::path path_of(const std::string& name) {
  return std::filesystem::path(RELAX_SPECTRO_TEST_MODELS) / (name + ".pt");
}

std::unique_ptr<Model> load(const std::string& name, const ModelOptions& options = {}) {
  return load_model(path_of(name), options);
}

/// Two windows: silence, and silence with 1 more in the rectangle, 2 more in the band above it.
std::vector<float> two_windows() {
  std::vector<float> windows(2 * kBands * kFrames, kSilence);
  for (std::size_t band = 0; band < kBands; ++band) {
    for (std::size_t t = 0; t < kFrames; ++t) {
      float& value = windows[(kBands + band) * kFrames + t];
      if (kRectangle.holds(band, t)) value += 1.0F;
      if (band == kRectangle.row_end) value += 2.0F;
    }
  }
  return windows;
}

/// Windows that are all different.
std::vector<float> noise_windows(std::size_t count) {
  const Audio audio = noise(static_cast<double>(count * kBands * kFrames) / 8000, 8000);
  return {audio.samples.begin(), audio.samples.end()};
}

ModelOutputs forward_two(Model& model) {
  std::vector<float> windows = two_windows();
  return model.forward(windows, 2, kFrames);
}

ExplainOptions few_masks() {
  ExplainOptions options;
  options.masks.count = 400;
  options.masks.seed = 7;
  options.masks.grid = {4, 4};
  options.masks.design = DesignKind::independent;
  options.estimator = Estimator::mask_sum;
  return options;
}

bool same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

/// The message of the Exception that loading throws; the test fails where it throws no such.
template <typename Exception>
std::string refusal_of_file(const std::filesystem::path& file, const ModelOptions& options = {}) {
  try {
    static_cast<void>(load_model(file, options));
  } catch (const Exception& error) {
    return error.what();
  } catch (const std::exception& error) {
    FAIL(file << " throws another exception: " << error.what());
  }
  FAIL(file << " is not refused");
  return {};
}

template <typename Exception>
std::string refusal(const std::string& name, const ModelOptions& options = {}) {
  return refusal_of_file<Exception>(path_of(name), options);
}

void check_says(const std::string& message, const std::vector<std::string_view>& parts) {
  for (const std::string_view part : parts) {
    INFO("message: " << message << "\nexpected in it: " << part);
    CHECK(message.find(part) != std::string::npos);
  }
  CHECK(message.find("Exception raised from") == std::string::npos);  // no backtrace of LibTorch
  CHECK(message.find("Traceback") == std::string::npos);
}

void check_file_refused(const std::filesystem::path& file,
                        const std::vector<std::string_view>& parts) {
  const std::string message = refusal_of_file<ModelError>(file);
  check_says(message, {file.native()});
  check_says(message, parts);
}

void check_refused(const std::string& name, const std::vector<std::string_view>& parts) {
  check_file_refused(path_of(name), parts);
}

}  // namespace

TEST_CASE("a lone tensor is the embedding", "[load_model]") {
  const auto model = load("rectangle");
  CHECK(model->card().name == "rectangle");
  CHECK(model->runtime().find("LibTorch") != std::string::npos);
  const ModelOutputs outputs = forward_two(*model);
  CHECK(outputs.embedding.rows == 2);
  CHECK(outputs.embedding.columns == 2);
  CHECK(outputs.embedding.values == std::vector<float>{0, 100, 24, 100});
  CHECK(outputs.class_scores.rows == 2);
  CHECK(outputs.class_scores.columns == 0);
}

TEST_CASE("the input's axes are laid out as the card says", "[load_model]") {
  const std::string name = GENERATE("rectangle-time-first", "rectangle-no-channel",
                                    "rectangle-three-channels", "card-inside");
  INFO(name);
  const ModelOutputs outputs = forward_two(*load(name));
  CHECK(outputs.embedding.values == std::vector<float>{0, 100, 24, 100});
}

TEST_CASE("outputs are taken from a tuple, a dict or a named method", "[load_model]") {
  const std::string name = GENERATE("tuple", "dict", "named-method");
  INFO(name);
  const ModelOutputs outputs = forward_two(*load(name));
  CHECK(outputs.embedding.values == std::vector<float>{0, 100, 24, 100});
  REQUIRE(outputs.class_scores.columns == 2);
  CHECK(outputs.class_scores(0, 0) == -2.0F);
  CHECK(outputs.class_scores(0, 1) == -2.0F);
  CHECK(outputs.class_scores(1, 0) == Approx(-2.0 + 24.0 / 160.0));  // the rectangle
  CHECK(outputs.class_scores(1, 1) == Approx(-2.0 + 40.0 / 160.0));  // the band above it
}

TEST_CASE("a model without an embedding gives class scores", "[load_model]") {
  const ModelOutputs outputs = forward_two(*load("class-scores-only"));
  CHECK(outputs.embedding.columns == 0);
  CHECK(outputs.class_scores.columns == 2);
}

TEST_CASE("a constant model and a mean over any length give what they should", "[load_model]") {
  CHECK(forward_two(*load("constant")).embedding.values == std::vector<float>{3, 4, 3, 4});
  std::vector<float> short_window(kBands * 3, 0.5F);
  CHECK(load("any-length")->forward(short_window, 1, 3).embedding.values ==
        std::vector<float>{0.5F, 0.5F});
}

TEST_CASE("a lone number a window is a score", "[load_model]") {
  const ModelOutputs outputs = forward_two(*load("one-axis"));
  CHECK(outputs.class_scores.rows == 2);
  CHECK(outputs.class_scores.columns == 1);
  CHECK(outputs.class_scores(0, 0) == -2.0F);
}

TEST_CASE("a network may divide by a window's standard deviation", "[load_model]") {
  std::vector<float> windows = noise_windows(2);
  CHECK(load("standardised")->forward(windows, 2, kFrames).embedding.columns == kBands * kFrames);
}

TEST_CASE("a network may work in place", "[load_model]") {
  const auto model = load("in-place");
  std::vector<float> windows(2 * kBands * kFrames, 0.5F);
  CHECK(model->forward(windows, 2, kFrames).embedding.values ==
        std::vector<float>(windows.size(), -1.0F));
}

TEST_CASE("the same window gives the same row wherever it stands in a batch", "[load_model]") {
  const auto model = load("convolution");
  std::vector<float> windows(5 * kBands * kFrames);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    windows[i] = static_cast<float>(std::sin(0.7 * static_cast<double>(i % (kBands * kFrames))));
  }
  const ModelOutputs outputs = model->forward(windows, 5, kFrames);
  REQUIRE(outputs.embedding.columns == 8);
  for (std::size_t row = 1; row < 5; ++row) {
    for (std::size_t i = 0; i < 8; ++i) {
      CHECK(outputs.embedding(row, i) == Approx(outputs.embedding(0, i)).epsilon(1e-6));
    }
  }
}

TEST_CASE("files without a usable card are refused", "[refusal]") {
  check_refused("no-card", {"no model card", "no-card.json", "relax_spectro.json", "front_end"});
  check_refused("hash-mismatch", {std::string(64, '0'), sha256_of_file(path_of("hash-mismatch"))});
  check_says(refusal<ConfigError>("unknown-field"),
             {"unknown-field.json", "license", "is not a known field", "licence"});
  check_says(refusal<ConfigError>("bad-json"), {"bad-json.json", "not JSON"});
  check_says(refusal<ConfigError>("newer-card"),
             {"newer-card.json", "card_version", "is 2", "reads 1"});
}

TEST_CASE("files that hold no TorchScript network are refused", "[refusal]") {
  check_refused("state-dict", {"not a TorchScript model", "state dict"});
  check_refused("text", {"not a TorchScript model"});
  CHECK(refusal<IoError>("not-there").find("no such file") != std::string::npos);
  CHECK_THROWS_AS(load_model(path_of("rectangle").replace_extension(".json")), ModelError);
}

TEST_CASE("files that are no compiled package are refused", "[refusal]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path package = folder / "rectangle.pt2";
  std::filesystem::copy_file(path_of("rectangle").replace_extension(".json"),
                             folder / "rectangle.json");
  std::ofstream(package) << "no archive";
  check_file_refused(package, {"package"});
  std::filesystem::copy_file(path_of("rectangle"), package,
                             std::filesystem::copy_options::overwrite_existing);
  check_file_refused(package, {"package"});
}

TEST_CASE("networks that do not take what their card says are refused", "[refusal]") {
  check_refused("wrong-shape", {"(2, 1, 16, 20)", "16 bands", "20 frames", "480"});
  check_refused("raw-audio", {"computes its own spectrum", "aten::stft", "log-mel"});
}

TEST_CASE("networks whose rows are not windows are refused", "[refusal]") {
  check_refused("fixed-batch", {"(1, 640)", "batch of 2", "(2, size)"});
  check_refused("wide-output", {"(2, 16, 20)", "(2, size)"});
  check_refused("batch-dependent", {"alone", "batch of 2", "eval mode"});
}

TEST_CASE("networks that take one length only are refused where the card says any", "[refusal]") {
  check_refused("one-length", {"variable_length", "10 frames", "20"});
}

TEST_CASE("networks that were traced in train mode are refused", "[refusal]") {
  const bool optimise = GENERATE(true, false);
  ModelOptions options;
  options.optimise = optimise;
  check_says(refusal<ModelError>("train-mode", options), {"traced in train mode", "model.eval()"});
}

TEST_CASE("networks that keep state, are random or give no numbers are refused", "[refusal]") {
  check_refused("stateful", {"state"});
  check_refused("random-output", {"the second time", "random"});
  check_refused("nan-output", {"NaN", "finite"});
}

TEST_CASE("outputs that the network does not have are refused", "[refusal]") {
  check_refused("missing-method", {"no method 'embed'"});
  check_refused("missing-key", {"'features'", "classes, embedding"});
  check_refused("key-of-a-tensor", {"Tensor", "'features'"});
  check_refused("numbered-dict", {"'features'"});
  check_refused("wrong-position", {"tuple of 2", "position 5"});
  check_refused("list-output", {"position 0"});
  check_refused("too-many-labels", {"2 class scores", "3 labels"});
}

TEST_CASE("a device that is none is refused", "[refusal]") {
  ModelOptions options;
  options.device = "tpu";
  check_says(refusal<ConfigError>("rectangle", options), {"tpu", "cpu, cuda"});
}

TEST_CASE("the map of a model that hears one rectangle peaks inside it", "[explain]") {
  const FillKind fill = GENERATE(FillKind::zero, FillKind::silence);
  ExplainOptions options = few_masks();
  options.masks.count = 2000;
  options.fill.kind = fill;
  const auto model = load("rectangle");
  const Explanation result = test::explain_with(*model, noise(kOneWindow_s, 8000), options);
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
      test::explain_with(*load("constant"), noise(kOneWindow_s, 8000), few_masks());
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
             {name + ".pt", "--precision half", "Take --precision single", "bfloat16"});
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

TEST_CASE("a model says what it is made of") {
  const auto model = load("convolution");
  const auto operators = model->operators();
  CHECK(operators.at("aten::conv2d") == 1);
  CHECK(operators.at("aten::relu") == 1);
  CHECK_FALSE(operators.contains("prim::Constant"));
  CHECK(model->parameter_count() == 8 * 9);
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
