#include "graph_check.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>
#include <array>
#include <string>

#include "graph_nodes.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::torch_backend {
namespace {

const std::array<std::string, 6> kSpectrumOperators{"aten::stft",     "aten::fft_rfft",
                                                    "aten::fft_fft",  "aten::fft_rfft2",
                                                    "aten::fft_fft2", "aten::rfft"};

}  // namespace

OperatorCounts operators_of(const torch::jit::Method& method) {
  const auto graph = method.graph()->copy();
  torch::jit::Inline(*graph);
  OperatorCounts counts;
  for_each_node(graph->block(), [&counts](const torch::jit::Node& node) {
    const std::string kind = node.kind().toQualString();
    // All other nodes are constants, lists and attributes.
    if (!kind.starts_with("prim::")) ++counts[kind];
  });
  return counts;
}

std::size_t count_numbers(const torch::jit::Method& method) {
  std::size_t count = 0;
  for_each_real_constant(method.graph()->block(), [&count](const at::Tensor& tensor) {
    count += static_cast<std::size_t>(tensor.numel());
  });
  return count;
}

void refuse_raw_audio(const OperatorCounts& operators, const std::string& method,
                      const std::string& model_name) {
  const auto found = std::ranges::find_if(
      kSpectrumOperators,
      [&operators](const std::string& name) { return operators.contains(name); });
  if (found == kSpectrumOperators.end()) return;
  throw ModelError(fmt::format(
      "{}: {}() computes its own spectrum ({}), so it takes raw audio. Its card has a log-mel "
      "front end. Write in the card that it takes samples, and it is cut behind its own front end: "
      "\"input\": {{\"axes\": [\"batch\", \"samples\"], \"window_samples\": ...}} (models/CARD.md)",
      model_name, method, *found));
}

}  // namespace relax_spectro::torch_backend
