#pragma once

#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

namespace relax_spectro::torch_backend {

/// Whether this LibTorch can fuse operators with oneDNN Graph: not all are built with it.
[[nodiscard]] bool has_onednn_graph();

/// A copy of a frozen network, which shares its weights, to be fused for inputs of one shape.
/// @param methods  that will be run.
///
/// Note [Networks are fused for batches of one size]
/// oneDNN Graph fuses a convolution with what follows it, and keeps its weights in the order that
/// the processor likes. LibTorch asks it for that on the second run of a network, for the shapes
/// that it saw in the first one; inputs of any other shape take a slow way from then on. So each
/// shape has a copy of its own, which costs half a second; BatchSizes finds out whether that pays.
[[nodiscard]] torch::jit::Module fusible_copy(const torch::jit::Module& frozen,
                                              const std::vector<std::string>& methods);

/// Networks that run for the first time in its lifetime, wherever, are fused on their second run.
/// Where there is no oneDNN Graph they are not.
/// @pre no other one lives.
class FusingScope {
 public:
  FusingScope();
  ~FusingScope();
  FusingScope(const FusingScope&) = delete;
  FusingScope& operator=(const FusingScope&) = delete;
};

}  // namespace relax_spectro::torch_backend
