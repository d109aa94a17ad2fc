#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/ir/ir.h>

#include <cstddef>
#include <vector>

namespace relax_spectro::torch_backend {

/// Visits every node of a program, including inner blocks (branches, loops).
template <typename Visit>
void for_each_node(torch::jit::Block* block, const Visit& visit) {
  for (torch::jit::Node* node : block->nodes()) {
    visit(*node);
    for (torch::jit::Block* inner : node->blocks()) for_each_node(inner, visit);
  }
}

/// Visits the floating-point constants of a program, including those in lists. In a frozen program
/// these are the weights. `visit` may modify the at::Tensor& that it gets.
template <typename Visit>
void for_each_real_constant(torch::jit::Block* block, const Visit& visit) {
  using torch::jit::AttributeKind;
  for_each_node(block, [&visit](torch::jit::Node& node) {
    const auto value = torch::jit::attr::value;
    if (node.kind() != torch::jit::prim::Constant || !node.hasAttribute(value)) return;
    if (node.kindOf(value) == AttributeKind::t && node.t(value).is_floating_point()) {
      at::Tensor tensor = node.t(value);
      visit(tensor);
      node.t_(value, tensor);
    }
    if (node.kindOf(value) == AttributeKind::ival && node.ival(value).isTensorList()) {
      std::vector<at::Tensor> tensors = node.ival(value).toTensorVector();
      for (at::Tensor& tensor : tensors) {
        if (tensor.is_floating_point()) visit(tensor);
      }
      node.ival_(value, tensors);
    }
  });
}

/// Replaces an input of a node by a constant.
inline void put_constant(torch::jit::Node& node, std::size_t input, const c10::IValue& value) {
  const torch::jit::WithInsertPoint here(&node);
  node.replaceInput(input, node.owningGraph()->insertConstant(value));
}

}  // namespace relax_spectro::torch_backend
