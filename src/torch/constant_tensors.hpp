#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <vector>

namespace relax_spectro::torch_backend {

/// The constants of a program that are tensors of real numbers: of a frozen one, its weights.
[[nodiscard]] inline std::vector<torch::jit::Node*> real_constants(torch::jit::Block* block) {
  std::vector<torch::jit::Node*> found;
  for (torch::jit::Node* node : block->nodes()) {
    const auto value = torch::jit::attr::value;
    if (node->kind() == torch::jit::prim::Constant && node->hasAttribute(value) &&
        node->kindOf(value) == torch::jit::AttributeKind::t && node->t(value).is_floating_point()) {
      found.push_back(node);
    }
    for (torch::jit::Block* inner : node->blocks()) {
      const std::vector<torch::jit::Node*> more = real_constants(inner);
      found.insert(found.end(), more.begin(), more.end());
    }
  }
  return found;
}

}  // namespace relax_spectro::torch_backend
