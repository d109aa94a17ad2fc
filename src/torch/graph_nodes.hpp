#pragma once

#include <torch/csrc/jit/ir/ir.h>

namespace relax_spectro::torch_backend {

/// Visits every node of a program, those of inner blocks (branches, loops) too.
template <typename Visit>
void for_each_node(torch::jit::Block* block, const Visit& visit) {
  for (torch::jit::Node* node : block->nodes()) {
    visit(*node);
    for (torch::jit::Block* inner : node->blocks()) for_each_node(inner, visit);
  }
}

/// Visits the constants of a program that are tensors of real numbers: of a frozen one, its
/// weights.
template <typename Visit>
void for_each_real_constant(torch::jit::Block* block, const Visit& visit) {
  for_each_node(block, [&visit](torch::jit::Node& node) {
    const auto value = torch::jit::attr::value;
    if (node.kind() == torch::jit::prim::Constant && node.hasAttribute(value) &&
        node.kindOf(value) == torch::jit::AttributeKind::t && node.t(value).is_floating_point()) {
      visit(node);
    }
  });
}

}  // namespace relax_spectro::torch_backend
