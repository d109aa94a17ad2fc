#include "weight_layers.hpp"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/draw_stream.hpp"
#include "frozen_attributes.hpp"

namespace relax_spectro::torch_backend {
namespace {

using torch::jit::Node;
using torch::jit::Value;

bool is_container(const Node& node) {
  return node.kind() == c10::prim::ListConstruct || node.kind() == c10::prim::TupleConstruct;
}

/// The module that held a constant, if freezing kept its name ("self.features.0.weight").
std::optional<std::string> module_of(const Value& constant) {
  if (!constant.hasDebugName()) return std::nullopt;
  std::string name = constant.debugNameBase();
  if (name.starts_with("self.")) name.erase(0, 5);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  return name.substr(0, dot);
}

class LayerSearch {
 public:
  explicit LayerSearch(const torch::jit::Module& loaded) {
    for (const at::Tensor& buffer : loaded.buffers()) known_.insert(buffer.const_data_ptr());
  }

  void walk(const torch::jit::Block* block) {
    for (const Node* node : block->nodes()) {
      for (const torch::jit::Block* inner : node->blocks()) walk(inner);
      if (is_container(*node)) continue;  // its user is the layer
      WeightLayer layer{node->kind().toUnqualString(), {}};
      take_inputs(*node, layer);
      if (!layer.weights.empty()) layers_.push_back(std::move(layer));
    }
  }

  /// Adds weights that no operator takes as a constant, with a layer for each module. The program
  /// does not show when they run, so they come first.
  void take_left(const torch::jit::Module& frozen) {
    std::vector<WeightLayer> left;
    for (const auto& [name, tensor] : real_attributes(frozen)) {
      if (!is_new_weight(tensor)) continue;
      const std::size_t dot = name.rfind('.');
      const std::string module = dot == std::string::npos ? "attributes" : name.substr(0, dot);
      if (left.empty() || left.back().name != module) left.push_back({module, {}});
      left.back().weights.push_back(tensor);
    }
    layers_.insert(layers_.begin(), left.begin(), left.end());
  }

  [[nodiscard]] std::vector<WeightLayer> take() { return std::move(layers_); }

 private:
  void take_inputs(const Node& node, WeightLayer& layer) {
    const c10::FunctionSchema* schema = node.maybeSchema();
    for (std::size_t i = 0; i < node.inputs().size(); ++i) {
      const bool is_named = schema != nullptr && i < schema->arguments().size();
      if (is_named && schema->arguments()[i].name().starts_with("running_")) continue;
      take(*node.inputs()[i], layer);
    }
  }

  void take(const Value& value, WeightLayer& layer) {
    if (is_container(*value.node())) return take_inputs(*value.node(), layer);
    const std::optional<c10::IValue> constant = torch::jit::toIValue(&value);
    if (!constant) return;
    if (constant->isTensor()) take(constant->toTensor(), value, layer);
    if (constant->isTensorList()) {
      for (const at::Tensor& tensor : constant->toTensorVector()) take(tensor, value, layer);
    }
  }

  bool is_new_weight(const at::Tensor& tensor) {
    const bool is_weight = tensor.defined() && tensor.is_floating_point() && tensor.numel() > 1;
    return is_weight && known_.insert(tensor.const_data_ptr()).second;
  }

  void take(const at::Tensor& tensor, const Value& value, WeightLayer& layer) {
    if (!is_new_weight(tensor)) return;
    if (layer.weights.empty()) layer.name = module_of(value).value_or(layer.name);
    layer.weights.push_back(tensor);
  }

  std::set<const void*> known_;  // buffers, and weights that already belong to a layer
  std::vector<WeightLayer> layers_;
};

void shuffle_values(const at::Tensor& tensor, const core::DrawStream& draws) {
  const at::NoGradGuard no_gradients;
  const auto count = static_cast<std::size_t>(tensor.numel());
  std::vector<std::uint32_t> order = core::shuffled_order(count, draws);
  const at::Tensor index =
      at::from_blob(order.data(), {tensor.numel()}, at::kInt).to(tensor.device());
  tensor.copy_(tensor.reshape(-1).index_select(0, index).view(tensor.sizes()));
}

}  // namespace

std::vector<WeightLayer> find_weight_layers(const torch::jit::Module& loaded,
                                            const torch::jit::Module& frozen,
                                            const std::vector<std::string>& methods) {
  LayerSearch search(loaded);
  for (const std::string& method : methods) search.walk(frozen.get_method(method).graph()->block());
  search.take_left(frozen);
  return search.take();
}

void shuffle_weights(std::vector<WeightLayer>& layers, const WeightShuffle& shuffle) {
  const std::size_t shuffled = std::min(shuffle.layers.value_or(layers.size()), layers.size());
  std::size_t array = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (const at::Tensor& weights : layers[i].weights) {
      if (i + shuffled >= layers.size()) {
        shuffle_values(weights, {shuffle.seed, array, core::DrawsFor::weight_order});
      }
      ++array;
    }
  }
}

}  // namespace relax_spectro::torch_backend
