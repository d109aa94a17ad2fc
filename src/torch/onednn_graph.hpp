#pragma once

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>

#include <map>
#include <memory>
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

/// A network as it is run: a module, some of whose methods have a copy that runs in their place.
///
/// Note [Copies of methods]
/// Module::clone() leaves its methods behind in the network's compilation unit for as long as that
/// lives, and what they were compiled to with them: some ten mebibytes a copy, in a folder of
/// recordings of many lengths without end.
struct Network {
  torch::jit::Module module;
  std::map<std::string, std::shared_ptr<torch::jit::GraphFunction>> copies{};  ///< by method

  [[nodiscard]] torch::jit::Method method(const std::string& name) const;
};

/// A copy of a frozen network, to be fused for inputs of one shape. It shares the network's
/// weights, but for those that another order of channels asks to be stored otherwise.
/// @param methods  that will be run.
///
/// Note [Networks are fused for batches of one size]
/// oneDNN Graph fuses a convolution with what follows it, and keeps its weights in the order that
/// the processor likes. LibTorch asks it for that on the second run of a network, for the shapes
/// that it saw in the first one; inputs of any other shape take a slow way from then on. So each
/// shape has a copy of its own, which costs up to half a second: see Note [When batches are fused].
/// Where there is no oneDNN Graph the copy runs as it is.
///
/// Note [Channels last]
/// LibTorch has oneDNN Graph give the operators that it does not fuse what they got in that first
/// run, in the same order. Where that is another order than oneDNN computes in, every such border
/// costs a reordering: in a MobileNetV3 two a squeeze-and-excitation block, a third of the time.
/// Some networks cannot run so: view() refuses what is not in the order that it counts in.
[[nodiscard]] Network fusible_copy(const torch::jit::Module& frozen,
                                   const std::vector<std::string>& methods, ChannelOrder order);

/// Whether parts of a network run beside it (torch.jit.fork). LibTorch runs those as its setting
/// for all networks says, which fusing needs to be another than keep_as_it_is() promises.
[[nodiscard]] bool forks(const torch::jit::Module& network,
                         const std::vector<std::string>& methods);

/// Sets whether networks can be fused from now on; not while any runs.
void allow_fusing(bool allowed);

/// Has a network that has not run yet run as it is from its first run on. Otherwise LibTorch would
/// compile the first runs otherwise than the later ones, and their last bits with them.
void keep_as_it_is(const torch::jit::Module& network, const std::vector<std::string>& methods);

}  // namespace relax_spectro::torch_backend
