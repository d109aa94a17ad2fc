#include "number_type.hpp"

#include <ATen/core/grad_mode.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/passes/shape_analysis.h>

#include <memory>
#include <vector>

#include "frozen_attributes.hpp"
#include "graph_nodes.hpp"

namespace relax_spectro::torch_backend {
namespace {

using torch::jit::Graph;
using torch::jit::Node;

/// Calls `visit` for each floating-point type among a node's arguments, with its place.
template <typename Visit>
void for_each_cast(Node& node, const Visit& visit) {
  const c10::FunctionSchema* schema = node.maybeSchema();
  if (schema == nullptr) return;
  for (std::size_t i = 0; i < node.inputs().size() && i < schema->arguments().size(); ++i) {
    if (schema->arguments()[i].name() != "dtype") continue;
    const std::optional<c10::IValue> value = torch::jit::toIValue(node.input(i));
    if (!value || !value->isInt()) continue;
    const auto type = static_cast<c10::ScalarType>(value->toInt());
    if (c10::isFloatingType(type)) visit(i, type);
  }
}

void set_number_type(const std::shared_ptr<Graph>& graph, c10::ScalarType type, Casts casts) {
  for_each_real_constant(graph->block(), [type](at::Tensor& tensor) { tensor = tensor.to(type); });
  if (casts == Casts::follow) {
    for_each_node(graph->block(), [type](Node& node) {
      for_each_cast(node, [&node, type](std::size_t input, c10::ScalarType /*old*/) {
        put_constant(node, input, static_cast<std::int64_t>(type));
      });
    });
  }
  // The recorded types of values are no longer valid.
  torch::jit::EraseShapeInformation(graph);
}

/// The programs in a file: methods, and the functions that they call.
std::vector<std::shared_ptr<Graph>> graphs_of(const torch::jit::Module& loaded) {
  std::vector<std::shared_ptr<Graph>> graphs;
  for (torch::jit::Function* function : loaded._ivalue()->compilation_unit()->get_functions()) {
    function->ensure_defined();
    if (auto* of_graph = torch::jit::tryToGraphFunction(*function)) {
      graphs.push_back(of_graph->graph());
    }
  }
  return graphs;
}

/// The first number type other than single precision. Scalars are ignored, because they adapt to
/// other operands. A cast to double is ignored, because it is the network's intention.
std::optional<c10::ScalarType> other_type(const torch::jit::Module& loaded,
                                          const std::vector<std::shared_ptr<Graph>>& graphs) {
  std::optional<c10::ScalarType> found;
  const auto note = [&found](c10::ScalarType type) {
    if (!found && type != c10::ScalarType::Float) found = type;
  };
  for (const auto& [name, tensor] : real_attributes(loaded)) {
    if (tensor.dim() > 0) note(tensor.scalar_type());
  }
  for (const auto& graph : graphs) {
    for_each_real_constant(graph->block(), [&note](const at::Tensor& tensor) {
      if (tensor.dim() > 0) note(tensor.scalar_type());
    });
    for_each_node(graph->block(), [&note](Node& node) {
      for_each_cast(node, [&note](std::size_t /*input*/, c10::ScalarType type) {
        if (type != c10::ScalarType::Double) note(type);
      });
    });
  }
  return found;
}

}  // namespace

c10::ScalarType number_type(Precision precision) {
  switch (precision) {
    case Precision::half:
      return c10::ScalarType::Half;
    case Precision::bfloat16:
      return c10::ScalarType::BFloat16;
    case Precision::single:
      break;
  }
  return c10::ScalarType::Float;
}

void set_number_type(const torch::jit::Method& method, c10::ScalarType type, Casts casts) {
  set_number_type(method.graph(), type, casts);
}

void set_attribute_type(const torch::jit::Module& module, c10::ScalarType type) {
  const at::NoGradGuard no_gradients;
  for (const auto& [name, tensor] : real_attributes(module)) tensor.set_data(tensor.to(type));
}

std::optional<c10::ScalarType> take_to_single(const torch::jit::Module& loaded) {
  const std::vector<std::shared_ptr<Graph>> graphs = graphs_of(loaded);
  const std::optional<c10::ScalarType> type = other_type(loaded, graphs);
  if (!type) return type;
  set_attribute_type(loaded, c10::ScalarType::Float);
  for (const auto& graph : graphs) set_number_type(graph, c10::ScalarType::Float, Casts::follow);
  return type;
}

}  // namespace relax_spectro::torch_backend
