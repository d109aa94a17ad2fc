#pragma once

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace relax_spectro::torch_backend {

/// Whether this LibTorch can fuse operators with oneDNN Graph; some builds cannot.
[[nodiscard]] bool has_onednn_graph();

/// The order in which convolutions pass their outputs to later operators.
enum class ChannelOrder {
  last,      ///< [batch, height, width, channel], the order in which oneDNN computes on many
             ///< processors
  as_stored  ///< [batch, channel, height, width]
};

/// A network as it is run: a module, with copies that replace some of its methods.
///
/// Note [Copies of methods]
/// Module::clone() leaves its methods, with their compiled code, in the network's compilation unit
/// until that is destroyed. This is about ten mebibytes a copy. In a folder of recordings with many
/// lengths it would grow without limit.
struct Network {
  torch::jit::Module module;
  std::map<std::string, std::shared_ptr<torch::jit::GraphFunction>> copies{};  ///< by method

  [[nodiscard]] torch::jit::Method method(const std::string& name) const;
};

/// A copy of a frozen network, to be fused for inputs of one shape. It shares the network's
/// weights, except those that another order of channels needs in another layout.
/// @param methods  that will be run.
///
/// Note [Networks are fused for batches of one size]
/// oneDNN Graph fuses a convolution with later operators. It stores the weights in the order that
/// suits the processor. LibTorch requests this on the second run, for the shapes of the first run.
/// Later inputs of other shapes take a slow path. So each shape gets its own copy, which costs up
/// to half a second: see Note [When batches are fused]. Without oneDNN Graph the copy runs unfused.
///
/// Note [Channels last]
/// Outputs of oneDNN Graph go to the other operators in the order of that first run. If oneDNN
/// computes in another order, each such transition costs a reordering. In a MobileNetV3 there are
/// two in each squeeze-and-excitation block, a third of the time. Some networks cannot run with
/// channels last: view() fails if its input is not in the expected order.
[[nodiscard]] Network fusible_copy(const torch::jit::Module& frozen,
                                   const std::vector<std::string>& methods, ChannelOrder order);

/// Whether a network runs parts in parallel (torch.jit.fork). LibTorch runs those with a global
/// setting, and fusing needs another value of it than keep_as_it_is() promises.
[[nodiscard]] bool forks(const torch::jit::Module& network,
                         const std::vector<std::string>& methods);

/// Sets whether networks can be fused from now on. No network may be running.
void allow_fusing(bool allowed);

/// Makes a network run without optimisation from its first run on. It must not have run before.
/// Otherwise LibTorch would compile the first runs differently, which changes their last bits.
void keep_as_it_is(const torch::jit::Module& network, const std::vector<std::string>& methods);

}  // namespace relax_spectro::torch_backend
