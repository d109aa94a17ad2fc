#include "onednn_graph.hpp"

#include <ATen/Context.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#ifdef RELAX_SPECTRO_ONEDNN_GRAPH
#include <torch/csrc/jit/codegen/onednn/interface.h>
#endif

namespace relax_spectro::torch_backend {

bool has_onednn_graph() {
#ifdef RELAX_SPECTRO_ONEDNN_GRAPH
  return at::hasMKLDNN();
#else
  return false;
#endif
}

torch::jit::Module fusible_copy(const torch::jit::Module& frozen) { return frozen.clone(); }

FusingScope::FusingScope() {
#ifdef RELAX_SPECTRO_ONEDNN_GRAPH
  torch::jit::RegisterLlgaFuseGraph::setEnabled(true);
#endif
  // The executor that looks at the shapes; it is chosen when a network first runs.
  torch::jit::getProfilingMode() = true;
}

FusingScope::~FusingScope() { torch::jit::getProfilingMode() = false; }

}  // namespace relax_spectro::torch_backend
