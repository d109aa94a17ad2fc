// Writes small TorchScript models with their cards into a folder. The outputs of good ones are easy
// to compute by hand. There is also one for every reason to refuse a model.

#include <ATen/ops/arange.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relax_spectro/model/model_card.hpp"

namespace {

using namespace relax_spectro;
using torch::jit::Module;

// The rectangle of the models below: bands 4 to 7, frames 8 to 13. Silence is -2 in their units.
constexpr const char* kRectangle = R"(
def forward(self, x):
    inside = (x[:, 0, 4:8, 8:14] + 2.0).flatten(1).sum(1, keepdim=True)
    return torch.cat([inside, torch.full_like(inside, 100.0)], 1)
)";

constexpr const char* kRectangleTimeFirst = R"(
def forward(self, x):
    inside = (x[:, 0, 8:14, 4:8] + 2.0).flatten(1).sum(1, keepdim=True)
    return torch.cat([inside, torch.full_like(inside, 100.0)], 1)
)";

constexpr const char* kRectangleNoChannel = R"(
def forward(self, x):
    inside = (x[:, 4:8, 8:14] + 2.0).flatten(1).sum(1, keepdim=True)
    return torch.cat([inside, torch.full_like(inside, 100.0)], 1)
)";

constexpr const char* kRectangleThreeChannels = R"(
def forward(self, x):
    x[:, 1].zero_()
    mean = (x[:, 0, 4:8, 8:14] + x[:, 2, 4:8, 8:14]) / 2.0
    inside = (mean + 2.0).flatten(1).sum(1, keepdim=True)
    return torch.cat([inside, torch.full_like(inside, 100.0)], 1)
)";

// Length 5, so that its cosine with itself is exactly 1.
constexpr const char* kConstant = R"(
def forward(self, x):
    return self.embedding + torch.zeros([x.size(0), 2])
)";

// Class scores are the means of the lower and of the upper half of the bands.
constexpr const char* kTuple = R"(
def forward(self, x):
    classes = torch.stack([x[:, 0, :8].flatten(1).mean(1), x[:, 0, 8:].flatten(1).mean(1)], 1)
    inside = (x[:, 0, 4:8, 8:14] + 2.0).flatten(1).sum(1, keepdim=True)
    return classes, torch.cat([inside, torch.full_like(inside, 100.0)], 1)
)";

constexpr const char* kDict = R"(
def forward(self, x):
    classes = torch.stack([x[:, 0, :8].flatten(1).mean(1), x[:, 0, 8:].flatten(1).mean(1)], 1)
    inside = (x[:, 0, 4:8, 8:14] + 2.0).flatten(1).sum(1, keepdim=True)
    embedding = torch.cat([inside, torch.full_like(inside, 100.0)], 1)
    return {"classes": classes, "embedding": embedding}
)";

constexpr const char* kTwoMethods = R"(
def embed(self, x):
    inside = (x[:, 0, 4:8, 8:14] + 2.0).flatten(1).sum(1, keepdim=True)
    return torch.cat([inside, torch.full_like(inside, 100.0)], 1)

def forward(self, x):
    return torch.stack([x[:, 0, :8].flatten(1).mean(1), x[:, 0, 8:].flatten(1).mean(1)], 1)
)";

constexpr const char* kConvolution = R"(
def forward(self, x):
    y = torch.relu(torch.conv2d(x, self.weight, None, [1, 1], [1, 1]))
    return y.flatten(2).mean(2)
)";

// Pools in the most common way: without a stride, which then equals the kernel.
constexpr const char* kPooling = R"(
def forward(self, x):
    y = torch.max_pool2d(torch.conv2d(x, self.weight, None, [1, 1], [1, 1]), [2, 2])
    y = torch.avg_pool2d(torch.relu(y), [2, 2])
    return y.flatten(2).mean(2)
)";

// Expects its channels to be stored one after the other.
constexpr const char* kViewing = R"(
def forward(self, x):
    y = torch.relu(torch.conv2d(x, self.weight, None, [1, 1], [1, 1]))
    return y.view([8 * x.size(0), -1]).mean(1).view([-1, 8])
)";

// Returns its own content: two arrays of weights, and a buffer.
constexpr const char* kWeights = R"(
def forward(self, x):
    none = torch.zeros([x.size(0), 6])
    return torch.cat([none + self.first, none + self.second, none + self.buffer], 1)
)";

constexpr const char* kBatchNorm = R"(
def forward(self, x):
    y = x.flatten(1)[:, :4]
    return torch.batch_norm(y, self.weight, None, self.mean, self.variance, False, 0.0, 0.0, True)
)";

constexpr const char* kConvolutionLayer = R"(
def forward(self, x):
    return torch.relu(torch.conv2d(x, self.weight, None, [1, 1], [1, 1])).flatten(2).mean(2)
)";

constexpr const char* kLinearLayer = R"(
def forward(self, x):
    return torch.linear(x, self.weight, self.bias)
)";

constexpr const char* kTrainMode = R"(
def forward(self, x):
    y = torch.conv2d(x, self.kernel)
    y = torch.batch_norm(y, self.weight, None, self.mean, self.variance, True, 0.0, 0.0, True)
    return y.flatten(2).mean(2)
)";

constexpr const char* kOnlySingleLayer = R"(
def forward(self, x):
    return torch.matmul(x.flatten(1).float(), self.weight)
)";

constexpr const char* kTwoLayers = R"(
def forward(self, x):
    features = self.features.forward(x)
    return features, self.head.forward(features)
)";

constexpr const char* kAnyLength = R"(
def forward(self, x):
    return torch.cat([x.flatten(1).mean(1, keepdim=True), x.flatten(1).amax(1, keepdim=True)], 1)
)";

constexpr const char* kWrongShape = R"(
def forward(self, x):
    return torch.matmul(x.flatten(1), self.weight)
)";

// Like networks that were traced with batches of one window and of four.
constexpr const char* kFixedBatch = R"(
def forward(self, x):
    return x.reshape([1, -1])
)";

constexpr const char* kFixedBatchOfFour = R"(
def forward(self, x):
    return x.reshape([4, 320])
)";

// Numbers of three types: 5 is half, 7 is double.
constexpr const char* kMixedTypes = R"(
def forward(self, x):
    y = torch.relu(torch.conv2d(torch.to(x, 5), self.weight, None, [1, 1], [1, 1]))
    return torch.to(y, 7).flatten(2).mean(2) * self.scale
)";

constexpr const char* kTalking = R"(
def forward(self, x):
    print("a network prints")
    torch.warn("a network warns. It goes on", 2)
    return x.flatten(1)
)";

constexpr const char* kOnCuda = R"(
def forward(self, x):
    return x.flatten(1) + torch.zeros([1], dtype=None, layout=None, device=torch.device("cuda:0"))
)";

constexpr const char* kForMkldnn = R"(
def forward(self, x):
    return torch.sort(torch.to_mkldnn(x))[0].flatten(1)
)";

constexpr const char* kHalfQuantised = R"(
def forward(self, x):
    return torch.conv2d(torch.quantize_per_tensor(x, 0.1, 0, 13), self.weight).flatten(1)
)";

constexpr const char* kAsserting = R"(
def forward(self, x):
    assert x.size(2) == 99, "there must be 99 bands"
    return x.flatten(1)
)";

constexpr const char* kBatchDependent = R"(
def forward(self, x):
    y = x.flatten(1)
    return y - y.mean(0, keepdim=True)
)";

constexpr const char* kStateful = R"(
def forward(self, x):
    self.counter.add_(1)
    return x.flatten(1) + self.counter
)";

constexpr const char* kRandom = R"(
def forward(self, x):
    return x.flatten(1) + torch.rand_like(x.flatten(1))
)";

constexpr const char* kRawAudio = R"(
def spectrum(self, x):
    return torch.stft(x, 64, 32, None, None, False, None, True)

def forward(self, x):
    return self.spectrum(x.flatten(1)).flatten(1)
)";

constexpr const char* kNan = R"(
def forward(self, x):
    return torch.log(x.flatten(1) * 0.0 - 1.0)
)";

constexpr const char* kNumberedDict = R"(
def forward(self, x):
    return {1: x.flatten(1)}
)";

constexpr const char* kList = R"(
def forward(self, x):
    classes = torch.stack([x[:, 0, :8].flatten(1).mean(1), x[:, 0, 8:].flatten(1).mean(1)], 1)
    inside = (x[:, 0, 4:8, 8:14] + 2.0).flatten(1).sum(1, keepdim=True)
    return [classes, torch.cat([inside, torch.full_like(inside, 100.0)], 1)]
)";

constexpr const char* kWide = R"(
def forward(self, x):
    return x[:, 0]
)";

ModelCard tiny_card(const std::string& name) {
  ModelCard card;
  card.name = name;
  FrontEndConfig& front_end = card.front_end;
  front_end.sample_rate_hz = 8000;
  front_end.window_samples = front_end.fft_samples = 128;
  front_end.hop_samples = 64;
  front_end.padding = Padding::none;
  front_end.bands = 16;
  front_end.low_hz = 0.0;
  front_end.high_hz = 4000.0;
  front_end.log_base = LogBase::ten;
  front_end.log_offset = 0.01;  // silence is -2
  card.input = {
      {InputAxis::batch, InputAxis::channel, InputAxis::frequency, InputAxis::time}, 20, 20, false};
  card.embedding = OutputPlace{};
  return card;
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(path.string() + ": cannot be written");
}

/// The text with the first `what` replaced.
std::string replaced(std::string text, std::string_view what, std::string_view by) {
  const std::size_t found = text.find(what);
  if (found == std::string::npos) throw std::runtime_error("a card without " + std::string(what));
  return text.replace(found, what.size(), by);
}

class ModelFolder {
 public:
  explicit ModelFolder(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
  }

  using ModuleChange = std::function<void(Module&)>;
  using CardChange = std::function<void(ModelCard&)>;

  void add(const std::string& name, const char* methods, const CardChange& change_card = {},
           const ModuleChange& change_module = {}) const {
    add_module(name, methods, change_module);
    add_card(name, change_card);
  }

  void add_module(const std::string& name, const char* methods,
                  const ModuleChange& change_module = {},
                  const torch::jit::ExtraFilesMap& extra_files = {}) const {
    Module module("Net");
    if (change_module) change_module(module);
    module.define(methods);
    module.save(path_of(name, ".pt"), extra_files);
  }

  void add_frozen(const std::string& name, const Module& module) const {
    constexpr bool kFold = false;
    torch::jit::freeze(module, std::nullopt, kFold).save(path_of(name, ".pt"));
    add_card(name);
  }

  void add_card(const std::string& name, const CardChange& change_card = {}) const {
    ModelCard card = tiny_card(name);
    if (change_card) change_card(card);
    add_text(name, ".json", to_json(card));
  }

  void add_text(const std::string& name, const std::string& ending, std::string_view text) const {
    write_text(path_of(name, ending), text);
  }

 private:
  [[nodiscard]] std::string path_of(const std::string& name, const std::string& ending) const {
    return (folder_ / (name + ending)).string();
  }

  std::filesystem::path folder_;
};

void ask_for_classes(ModelCard& card, OutputPlace embedding, OutputPlace class_scores) {
  card.embedding = std::move(embedding);
  card.class_scores = std::move(class_scores);
  card.activation = Activation::softmax;
  card.labels = {"low", "high"};
}

Module layer_of(const char* methods, const at::Tensor& weight, const at::Tensor& bias = {}) {
  Module layer("Layer");
  layer.register_parameter("weight", weight, false);
  if (bias.defined()) layer.register_parameter("bias", bias, false);
  layer.define(methods);
  return layer;
}

at::Tensor only_single_weight() { return at::arange(16 * 20 * 4).sin().reshape({320, 4}); }

at::Tensor convolution_weight() { return at::arange(8 * 9).sin().reshape({8, 1, 3, 3}); }

/// Makes forward() run all its work in parallel, like torch.jit.fork, and wait for it.
void fork_forward(Module& module) {
  const auto graph = module.get_method("forward").graph();
  torch::jit::Node* fork = graph->create(torch::jit::prim::fork, graph->inputs(), 1);
  fork->g_(torch::jit::attr::Subgraph, graph->copy());
  fork->output()->setType(c10::FutureType::create(c10::TensorType::get()));
  graph->insertNode(fork);
  graph->return_node()->replaceInput(0, graph->insert(at::aten::wait, {fork->output()}));
}

void add_good_models(const ModelFolder& folder) {
  folder.add("rectangle", kRectangle);
  folder.add("rectangle-time-first", kRectangleTimeFirst, [](ModelCard& card) {
    card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::time, InputAxis::frequency};
  });
  folder.add("rectangle-no-channel", kRectangleNoChannel, [](ModelCard& card) {
    card.input.axes = {InputAxis::batch, InputAxis::frequency, InputAxis::time};
  });
  folder.add("rectangle-three-channels", kRectangleThreeChannels,
             [](ModelCard& card) { card.input.channels = 3; });
  folder.add("constant", kConstant, {}, [](Module& module) {
    at::Tensor embedding = at::zeros({1, 2});
    embedding[0][0] = 3.0;
    embedding[0][1] = 4.0;
    module.register_buffer("embedding", embedding);
  });
  folder.add("tuple", kTuple, [](ModelCard& card) {
    ask_for_classes(card, {"forward", 1, {}}, {"forward", 0, {}});
  });
  folder.add("list", kList, [](ModelCard& card) {
    ask_for_classes(card, {"forward", 1, {}}, {"forward", 0, {}});
  });
  folder.add("dict", kDict, [](ModelCard& card) {
    ask_for_classes(card, {"forward", 0, "embedding"}, {"forward", 0, "classes"});
  });
  folder.add("named-method", kTwoMethods, [](ModelCard& card) {
    ask_for_classes(card, {"embed", 0, {}}, {"forward", 0, {}});
  });
  folder.add("class-scores-only", kTwoMethods, [](ModelCard& card) {
    ask_for_classes(card, {}, {"forward", 0, {}});
    card.embedding.reset();
  });
  for (const auto& [name, code] :
       {std::pair{"convolution", kConvolution}, {"pooling", kPooling}, {"viewing", kViewing}}) {
    folder.add(name, code, {}, [](Module& module) {
      module.register_parameter("weight", convolution_weight(), false);
    });
  }
  folder.add("forking", "", {}, [](Module& module) {
    module.register_parameter("weight", convolution_weight(), false);
    module.define(kConvolution);
    fork_forward(module);
  });
  folder.add("fixed-batch", kFixedBatch);
  folder.add("fixed-batch-of-four", kFixedBatchOfFour);
  folder.add("talking", kTalking);
  folder.add("standardised", R"(
def forward(self, x):
    y = x.flatten(1)
    return (y - y.mean(1, keepdim=True)) / y.std(1, keepdim=True)
)");
  folder.add("one-axis", R"(
def forward(self, x):
    return x.flatten(1).amin(1)
)",
             [](ModelCard& card) {
               ask_for_classes(card, {}, {"forward", 0, {}});
               card.embedding.reset();
               card.labels = {"low"};
             });
  folder.add("only-single", kOnlySingleLayer, {}, [](Module& module) {
    module.register_parameter("weight", only_single_weight(), false);
  });
  folder.add(
      "only-single-inside", R"(
def product(self, x):
    return torch.matmul(x.flatten(1).float(), self.weight)

def forward(self, x):
    return self.product(x)
)",
      {}, [](Module& module) { module.register_parameter("weight", only_single_weight(), false); });
  folder.add("any-length", kAnyLength, [](ModelCard& card) { card.input.variable_length = true; });
  folder.add("in-place", R"(
def forward(self, x):
    return x.clamp_(max=-1.0).flatten(1)
)");
  folder.add_module("card-inside", kRectangle, {},
                    {{"relax_spectro.json", to_json(tiny_card("card-inside"))}});
}

void register_batch_norm(Module& module) {
  module.register_parameter("weight", at::arange(1.0, 5.0).square(), false);
  module.register_buffer("mean", at::arange(1.0, 5.0));
  module.register_buffer("variance", at::arange(1.0, 5.0).pow(4));
}

/// Networks with weights, some of which are constants of a frozen network.
void add_models_with_weights(const ModelFolder& folder) {
  folder.add("weights", kWeights, {}, [](Module& module) {
    module.register_parameter("first", at::arange(0.0, 6.0), false);
    module.register_parameter("second", at::arange(10.0, 16.0), false);
    module.register_buffer("buffer", at::arange(20.0, 26.0));
  });
  folder.add("batch-norm", kBatchNorm, {}, register_batch_norm);
  Module batch_norm("Net");
  register_batch_norm(batch_norm);
  batch_norm.define(kBatchNorm);
  batch_norm.eval();
  folder.add_frozen("batch-norm-frozen", batch_norm);
  folder.add(
      "two-layers", kTwoLayers,
      [](ModelCard& card) {
        ask_for_classes(card, {"forward", 0, {}}, {"forward", 1, {}});
      },
      [](Module& module) {
        module.register_module("features", layer_of(kConvolutionLayer, convolution_weight()));
        module.register_module("head", layer_of(kLinearLayer, at::arange(16).cos().reshape({2, 8}),
                                                at::arange(2).sin()));
      });
}

/// Networks with other number types than single precision. All compute the same as "convolution".
void add_models_of_other_types(const ModelFolder& folder) {
  for (const auto& [name, type] :
       {std::pair{"half", at::kHalf}, {"bfloat16", at::kBFloat16}, {"double", at::kDouble}}) {
    Module module("Net");
    module.register_parameter("weight", convolution_weight().to(type), false);
    module.define(kConvolution);
    module.eval();
    folder.add_frozen(std::string(name) + "-frozen", module);
    folder.add(name, kConvolution, {}, [type = type](Module& same) {
      same.register_parameter("weight", convolution_weight().to(type), false);
    });
  }
  folder.add("mixed-types", kMixedTypes, {}, [](Module& module) {
    module.register_parameter("weight", convolution_weight().to(at::kHalf), false);
    module.register_buffer("scale", at::ones({8}, at::kDouble));
  });
}

/// Networks that break a rule for models, or contradict their cards.
void add_bad_networks(const ModelFolder& folder) {
  folder.add("wrong-shape", kWrongShape, {}, [](Module& module) {
    module.register_parameter("weight", at::zeros({24 * 20, 4}), false);
  });
  folder.add(
      "one-length", kWrongShape, [](ModelCard& card) { card.input.variable_length = true; },
      [](Module& module) {
        module.register_parameter("weight", at::ones({16 * 20, 4}), false);
      });
  folder.add("train-mode", kTrainMode, {}, [](Module& module) {
    module.register_parameter("kernel", at::arange(4 * 9).sin().reshape({4, 1, 3, 3}), false);
    register_batch_norm(module);
  });
  folder.add("batch-dependent", kBatchDependent);
  folder.add("stateful", kStateful, {},
             [](Module& module) { module.register_buffer("counter", at::zeros({1})); });
  folder.add("random-output", kRandom);
  folder.add("raw-audio", kRawAudio);
  folder.add("nan-output", kNan);
  folder.add("short-list", kList, [](ModelCard& card) { card.embedding->position = 5; });
  folder.add("on-cuda", kOnCuda);
  folder.add("for-mkldnn", kForMkldnn);
  folder.add("half-quantised", kHalfQuantised, {}, [](Module& module) {
    module.register_parameter("weight", convolution_weight(), false);
  });
  folder.add("asserting", kAsserting);
  folder.add("wide-output", kWide);
  folder.add("missing-method", kRectangle,
             [](ModelCard& card) { card.embedding->method = "embed"; });
  folder.add("missing-key", kDict, [](ModelCard& card) { card.embedding->key = "features"; });
  folder.add("numbered-dict", kNumberedDict,
             [](ModelCard& card) { card.embedding->key = "features"; });
  folder.add("key-of-a-tensor", kRectangle,
             [](ModelCard& card) { card.embedding->key = "features"; });
  folder.add("wrong-position", kTuple, [](ModelCard& card) { card.embedding->position = 5; });
  folder.add("too-many-labels", kTuple, [](ModelCard& card) {
    ask_for_classes(card, {"forward", 1, {}}, {"forward", 0, {}});
    card.labels = {"low", "middle", "high"};
  });
}

/// Cards and files that are refused before any network runs.
void add_bad_files(const ModelFolder& folder) {
  const std::string card = to_json(tiny_card("card"));
  folder.add_module("no-card", kRectangle);
  folder.add("hash-mismatch", kRectangle,
             [](ModelCard& bad) { bad.sha256 = std::string(64, '0'); });
  folder.add_module("unknown-field", kRectangle);
  folder.add_text("unknown-field", ".json", replaced(card, "\"licence\"", "\"license\""));
  folder.add_module("bad-json", kRectangle);
  folder.add_text("bad-json", ".json", card.substr(0, card.size() / 2));
  folder.add_module("newer-card", kRectangle);
  folder.add_text("newer-card", ".json",
                  replaced(card, "\"card_version\": 1", "\"card_version\": 2"));

  c10::Dict<std::string, at::Tensor> weights;
  weights.insert("weight", at::zeros({4, 4}));
  const std::vector<char> pickled = torch::jit::pickle_save(weights);
  folder.add_text("state-dict", ".pt", {pickled.data(), pickled.size()});
  folder.add_card("state-dict");
  folder.add_text("text", ".pt", "This is not a model.\n");
  folder.add_card("text");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("Example: relax-spectro-make-test-models FOLDER\n", stderr);
    return 2;
  }
  try {
    const ModelFolder folder(argv[1]);
    add_good_models(folder);
    add_models_with_weights(folder);
    add_models_of_other_types(folder);
    add_bad_networks(folder);
    add_bad_files(folder);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "relax-spectro-make-test-models: %s\n", error.what());
    return 3;
  }
  return 0;
}
