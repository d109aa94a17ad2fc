#include "call_stacks.hpp"

#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/ir/scope.h>

#include <memory>

#include "graph_nodes.hpp"

namespace relax_spectro::torch_backend {
namespace {

/// A function that is never destroyed, used as a replacement.
torch::jit::Function* network_function() {
  static torch::jit::CompilationUnit unit;
  static torch::jit::Function* const kFunction =
      unit.create_function("network", std::make_shared<torch::jit::Graph>());
  return kFunction;
}

}  // namespace

void forget_call_stacks(const torch::jit::Method& method) {
  for_each_node(method.graph()->block(), [](torch::jit::Node& node) {
    // Call stacks cannot be removed, only replaced.
    if (!node.callstack()) return;
    node.setCallStack(
        c10::make_intrusive<torch::jit::InlinedCallStack>(network_function(), node.sourceRange()));
  });
}

}  // namespace relax_spectro::torch_backend
