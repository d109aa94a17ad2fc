#include "onednn_graph.hpp"

#include <ATen/Context.h>
#include <ATen/ops/empty_strided.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/zeros_like.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include "graph_nodes.hpp"

#ifdef RELAX_SPECTRO_ONEDNN_GRAPH
#include <torch/csrc/jit/codegen/onednn/interface.h>
#endif

namespace relax_spectro::torch_backend {
namespace {

/// Replaces a None input by a constant.
void fill_in(torch::jit::Node& node, std::size_t input, const at::Tensor& value) {
  if (node.input(input)->mustBeNone()) put_constant(node, input, value);
}

/// Gives batch norms without scale and offset ones and zeros, because oneDNN Graph requires them.
void fill_in_scales(torch::jit::Node& node) {
  if (node.kind() != at::aten::batch_norm) return;
  const auto mean = torch::jit::toIValue(node.input(3));
  if (!mean || !mean->isTensor()) return;
  fill_in(node, 1, at::ones_like(mean->toTensor()));
  fill_in(node, 2, at::zeros_like(mean->toTensor()));
}

bool is_empty_list(const torch::jit::Value& value) {
  const torch::jit::Node& node = *value.node();
  if (node.kind() == torch::jit::prim::ListConstruct) return node.inputs().empty();
  const auto constant = torch::jit::toIValue(&value);
  return constant && constant->isIntList() && constant->toIntVector().empty();
}

/// Sets the stride of pooling to its kernel size if the list is empty. It means the same, but
/// oneDNN Graph does not know that.
void fill_in_strides(torch::jit::Node& node) {
  if (node.kind() != at::aten::max_pool2d && node.kind() != at::aten::avg_pool2d) return;
  if (is_empty_list(*node.input(2))) node.replaceInput(2, node.input(1));
}

/// Stores a convolution's weights as [output, height, width, input]. LibTorch then returns outputs
/// in that order for any input, and most later operators keep it.
void put_channels_last(torch::jit::Node& node) {
  if (node.kind() != at::aten::conv2d && node.kind() != at::aten::_convolution) return;
  const auto constant = torch::jit::toIValue(node.input(1));
  if (!constant || !constant->isTensor() || constant->toTensor().dim() != 4) return;
  const at::Tensor weights = constant->toTensor();
  const at::IntArrayRef sizes = weights.sizes();
  // contiguous() would not change the strides of single-channel weights.
  const at::Tensor ordered =
      at::empty_strided(sizes, c10::get_channels_last_strides_2d(sizes), weights.options());
  ordered.copy_(weights);
  put_constant(node, 1, ordered);
}

}  // namespace

bool has_onednn_graph() {
#ifdef RELAX_SPECTRO_ONEDNN_GRAPH
  return at::hasMKLDNN();
#else
  return false;
#endif
}

bool forks(const torch::jit::Module& network, const std::vector<std::string>& methods) {
  bool found = false;
  for (const std::string& method : methods) {
    for_each_node(network.get_method(method).graph()->block(), [&found](torch::jit::Node& node) {
      found = found || node.kind() == torch::jit::prim::fork;
    });
  }
  return found;
}

void allow_fusing(bool allowed) {
#ifdef RELAX_SPECTRO_ONEDNN_GRAPH
  torch::jit::RegisterLlgaFuseGraph::setEnabled(allowed);
#endif
  torch::jit::getProfilingMode() = allowed;  // LibTorch uses oneDNN Graph only in this mode
}

Network fusible_copy(const torch::jit::Module& frozen, const std::vector<std::string>& methods,
                     ChannelOrder order) {
  Network copy{frozen};
  for (const std::string& name : methods) {
    const torch::jit::Method method = frozen.get_method(name);
    const std::shared_ptr<torch::jit::Graph> graph = method.graph()->copy();
    for_each_node(graph->block(), [order](torch::jit::Node& node) {
      fill_in_scales(node);
      fill_in_strides(node);
      if (order == ChannelOrder::last) put_channels_last(node);
    });
    copy.copies[name] = std::make_shared<torch::jit::GraphFunction>(
        method.function().qualname(), graph, nullptr, torch::jit::ExecutorExecutionMode::PROFILING);
  }
  return copy;
}

torch::jit::Method Network::method(const std::string& name) const {
  const auto found = copies.find(name);
  if (found == copies.end()) return module.get_method(name);
  return {module._ivalue(), found->second.get()};
}

// Each function separately, because LibTorch's global setting also affects other threads.
void keep_as_it_is(const torch::jit::Module& network, const std::vector<std::string>& methods) {
  for (const std::string& method : methods) {
    torch::jit::toGraphFunction(network.get_method(method).function())
        ._set_initial_executor_execution_mode(torch::jit::ExecutorExecutionMode::SIMPLE);
  }
}

}  // namespace relax_spectro::torch_backend
