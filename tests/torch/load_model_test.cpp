#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/probe_windows.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "support/temporary_folder.hpp"
#include "test_models.hpp"

namespace {

using namespace relax_spectro;
using namespace relax_spectro::test;

/// Two windows: silence, and silence plus 1 in the rectangle and plus 2 in the band above it.
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

ModelOutputs forward_two(Model& model) {
  std::vector<float> windows = two_windows();
  return model.forward(windows, 2, kFrames);
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

TEST_CASE("outputs are taken from a tuple, a list, a dict or a named method", "[load_model]") {
  const std::string name = GENERATE("tuple", "list", "dict", "named-method");
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
  check_refused("state-dict", {"state dict", "no TorchScript network", "relax-spectro import"});
  check_refused("text", {"is text", "torch.jit.save"});
  CHECK(refusal<IoError>("not-there").find("no such file") != std::string::npos);
  CHECK_THROWS_AS(load_model(path_of("rectangle").replace_extension(".json")), ModelError);
}

TEST_CASE("what a file holds counts, not what it is called", "[load_model]") {
  const test::TemporaryFolder folder;
  const std::filesystem::path package = folder / "rectangle.pt2";
  std::filesystem::copy_file(path_of("rectangle").replace_extension(".json"),
                             folder / "rectangle.json");
  std::ofstream(package) << "no archive";
  check_file_refused(package, {"is text"});
  std::filesystem::copy_file(path_of("rectangle"), package,
                             std::filesystem::copy_options::overwrite_existing);
  CHECK(forward_two(*load_model(package)).embedding.values == std::vector<float>{0, 100, 24, 100});
}

TEST_CASE("networks of other numbers run in single precision, or in what is asked for",
          "[precision]") {
  const auto [name, rounding] =
      GENERATE(table<std::string, double>({{"half", rounding_of(Precision::half)},
                                           {"half-frozen", rounding_of(Precision::half)},
                                           {"mixed-types", rounding_of(Precision::half)},
                                           {"bfloat16", rounding_of(Precision::bfloat16)},
                                           {"bfloat16-frozen", rounding_of(Precision::bfloat16)},
                                           {"double", rounding_of(Precision::single)},
                                           {"double-frozen", rounding_of(Precision::single)}}));
  const Precision precision = GENERATE(Precision::single, Precision::bfloat16);
  INFO(name << ", " << to_string(precision));
  ModelOptions options;
  options.precision = precision;
  const auto model = load(name, options);
  CHECK(model->warnings().empty());
  CHECK(model->runtime().find("weights stored as ") != std::string::npos);
  CHECK(model->layers().size() == 1);
  std::vector<float> windows = noise_windows(4);
  const ModelOutputs actual = model->forward(windows, 4, kFrames);
  windows = noise_windows(4);
  const ModelOutputs expected = load("convolution")->forward(windows, 4, kFrames);
  const double difference = core::relative_difference(actual, expected);
  CHECK(difference <= 16.0 * std::max(rounding, rounding_of(precision)));
  if (rounding > rounding_of(Precision::single)) CHECK(difference > 0.0);
}

TEST_CASE("networks that were traced with a fixed batch run in batches of that size",
          "[load_model]") {
  const std::string name = GENERATE("fixed-batch", "fixed-batch-of-four");
  INFO(name);
  const auto model = load(name);
  std::vector<float> windows = noise_windows(6);
  const std::vector<float> expected = windows;
  CHECK(model->forward(windows, 6, kFrames).embedding.values == expected);
  REQUIRE(model->warnings().size() == 1);
  const std::string size = name == "fixed-batch" ? "1" : "4";
  CHECK(model->warnings().front().find("batches of " + size + ",") != std::string::npos);
}

TEST_CASE("what LibTorch warns of becomes a warning of the model, in one sentence",
          "[load_model]") {
  CHECK(load("talking")->warnings() == std::vector<std::string>{"LibTorch warns: a network warns"});
}

TEST_CASE("a failure is told by its cause, and the card is named where it can be wrong",
          "[refusal]") {
  const auto check_cause = [](const std::string& name, const std::vector<std::string_view>& parts,
                              bool may_be_card) {
    check_refused(name, parts);
    const std::string message = refusal<ModelError>(name);
    INFO(message);
    CHECK((message.find("Check the card") != std::string::npos) == may_be_card);
    CHECK(std::ranges::count(message, '\n') == 0);
  };
  check_cause("on-cuda", {"makes a tensor on cuda:0", "model.cpu()"}, false);
  check_cause("for-mkldnn", {"optimize_for_inference"}, false);
  check_cause("half-quantised", {"quantised", "QuantStub"}, false);
  check_cause("asserting", {"there must be 99 bands"}, true);
  check_cause("wrong-shape", {"480"}, true);
}

TEST_CASE("networks that do not take what their card says are refused", "[refusal]") {
  check_refused("wrong-shape", {"(2, 1, 16, 20)", "16 bands", "20 frames", "480"});
  check_refused("raw-audio", {"computes its own spectrum", "aten::stft", "samples"});
}

TEST_CASE("networks whose rows are not windows are refused", "[refusal]") {
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
  check_refused("short-list", {"list of 2", "position 5"});
  check_refused("too-many-labels", {"2 class scores", "3 labels"});
}

TEST_CASE("a device that is none is refused", "[refusal]") {
  ModelOptions options;
  options.device = "tpu";
  check_says(refusal<ConfigError>("rectangle", options), {"tpu", "cpu, cuda"});
}

TEST_CASE("a model says what it is made of") {
  const auto model = load("convolution");
  const auto operators = model->operators();
  CHECK(operators.at("aten::conv2d") == 1);
  CHECK(operators.at("aten::relu") == 1);
  CHECK_FALSE(operators.contains("prim::Constant"));
  CHECK(model->parameter_count() == 8 * 9);
}
