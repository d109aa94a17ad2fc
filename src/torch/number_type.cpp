#include "number_type.hpp"

#include <torch/csrc/jit/passes/shape_analysis.h>

#include "frozen_attributes.hpp"
#include "graph_nodes.hpp"

namespace relax_spectro::torch_backend {

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

void round_constants(const torch::jit::Method& method, c10::ScalarType type) {
  const auto graph = method.graph();
  for_each_real_constant(graph->block(), [type](at::Tensor& tensor) { tensor = tensor.to(type); });
  // What the graph says of the types that its values have was true before.
  torch::jit::EraseShapeInformation(graph);
}

void round_attributes(const torch::jit::Module& frozen, c10::ScalarType type) {
  for (const auto& [name, tensor] : real_attributes(frozen)) tensor.set_data(tensor.to(type));
}

}  // namespace relax_spectro::torch_backend
