#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// What one operator of a network computes with.
struct WeightLayer {
  std::string name;
  std::vector<at::Tensor> weights;
};

/// The layers of a network in the order in which it runs them, those of the first method first; but
/// before all of them weights that freezing has left in modules.
/// Weights are what operators take that the file holds, of floating point and with two values or
/// more: but neither running statistics nor, where the file tells them apart, other buffers.
/// Weights that several operators take are of the first.
/// @param loaded  the network as it came from its file.
/// @param frozen  the same with its attributes made constants, and with nothing folded.
[[nodiscard]] std::vector<WeightLayer> find_weight_layers(const torch::jit::Module& loaded,
                                                          const torch::jit::Module& frozen,
                                                          const std::vector<std::string>& methods);

/// Brings the values of each array of weights into another order, in place, in the last of the
/// layers. Array i, counted from the first layer's, has the order of (seed, i), whatever the number
/// of layers.
void shuffle_weights(std::vector<WeightLayer>& layers, const WeightShuffle& shuffle);

}  // namespace relax_spectro::torch_backend
