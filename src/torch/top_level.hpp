#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "graph_nodes.hpp"

namespace relax_spectro::torch_backend {

inline constexpr std::size_t kWaveform = 1;  ///< index of a method's input, behind the module

inline std::vector<torch::jit::Node*> top_nodes(torch::jit::Graph& graph) {
  return {graph.nodes().begin(), graph.nodes().end()};
}

/// The nodes at the top level, which of them depend on the waveform, and where a value is used.
class TopLevel {
 public:
  explicit TopLevel(torch::jit::Graph& graph) : graph_(&graph), nodes_(top_nodes(graph)) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) index_[nodes_[i]] = i;
    dependent_.insert(graph.inputs()[kWaveform]);
    for (torch::jit::Node* node : nodes_) {
      if (!uses_dependent(*node)) continue;
      dependent_.insert(node->outputs().begin(), node->outputs().end());
    }
  }

  [[nodiscard]] const std::vector<torch::jit::Node*>& nodes() const { return nodes_; }
  [[nodiscard]] bool is_dependent(const torch::jit::Value* value) const {
    return dependent_.contains(value);
  }

  /// The index of a node or of the node around it. The program's return lies behind all.
  [[nodiscard]] std::size_t index_of(const torch::jit::Node* node) const {
    while (node->owningBlock() != graph_->block()) node = node->owningBlock()->owningNode();
    const auto found = index_.find(node);
    return found == index_.end() ? nodes_.size() : found->second;
  }

  [[nodiscard]] bool uses_dependent(torch::jit::Node& node) const {
    bool found = std::ranges::any_of(node.inputs(),
                                     [this](torch::jit::Value* v) { return is_dependent(v); });
    for (torch::jit::Block* block : node.blocks()) {
      for_each_node(block, [&](torch::jit::Node& inner) {
        for (const torch::jit::Value* value : inner.inputs()) found = found || is_dependent(value);
      });
      for (const torch::jit::Value* value : block->outputs()) found = found || is_dependent(value);
    }
    return found;
  }

  /// Replaces a value in all nodes behind an index.
  void replace_behind(std::size_t index, torch::jit::Value* value, torch::jit::Value* by) const {
    for (const torch::jit::Use& use : std::vector(value->uses())) {
      if (index_of(use.user) > index) use.user->replaceInput(use.offset, by);
    }
  }

  [[nodiscard]] bool is_used_behind(std::size_t index, const torch::jit::Value* value) const {
    return std::ranges::any_of(
        value->uses(), [&](const torch::jit::Use& use) { return index_of(use.user) > index; });
  }

 private:
  torch::jit::Graph* graph_;
  std::vector<torch::jit::Node*> nodes_;
  std::map<const torch::jit::Node*, std::size_t> index_;
  std::set<const torch::jit::Value*> dependent_;
};

inline bool is_tensor(const torch::jit::Value* value) {
  return value->type()->kind() == c10::TypeKind::TensorType;
}

inline bool holds_tensor(const c10::Type& type) {
  return type.kind() == c10::TypeKind::TensorType ||
         std::ranges::any_of(type.containedTypes(),
                             [](const c10::TypePtr& part) { return holds_tensor(*part); });
}

}  // namespace relax_spectro::torch_backend
