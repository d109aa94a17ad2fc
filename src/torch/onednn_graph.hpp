#pragma once

#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

namespace relax_spectro::torch_backend {

/// Whether this LibTorch can fuse operators with oneDNN Graph: not all are built with it.
[[nodiscard]] bool has_onednn_graph();

/// In which order a network's convolutions give their outputs to the operators behind them.
enum class ChannelOrder {
  last,      ///< [batch, height, width, channel], which oneDNN computes in on many processors
  as_stored  ///< [batch, channel, height, width]
};

/// A copy of a frozen network, to be fused for inputs of one shape. It shares the network's
/// weights, but for those that another order of channels asks to be stored otherwise.
/// @param methods  that will be run.
///
/// Note [Networks are fused for batches of one size]
/// oneDNN Graph fuses a convolution with what follows it, and keeps its weights in the order that
/// the processor likes. LibTorch asks it for that on the second run of a network, for the shapes
/// that it saw in the first one; inputs of any other shape take a slow way from then on. So each
/// shape has a copy of its own, which costs half a second; BatchSizes finds out whether that pays.
///
/// Note [Channels last]
/// LibTorch has oneDNN Graph give the operators that it does not fuse what they got in that first
/// run, in the same order. Where that is another order than oneDNN computes in, every such border
/// costs a reordering: in a MobileNetV3 two a squeeze-and-excitation block, a third of the time.
/// Some networks cannot run so: view() refuses what is not in the order that it counts in.
[[nodiscard]] torch::jit::Module fusible_copy(const torch::jit::Module& frozen,
                                              const std::vector<std::string>& methods,
                                              ChannelOrder order);

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
