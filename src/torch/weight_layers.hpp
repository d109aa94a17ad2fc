#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// The weights of one operator in a network.
struct WeightLayer {
  std::string name;
  std::vector<at::Tensor> weights;
};

/// The layers of a network, in the order in which it runs them, starting with the first method.
/// Weights that freezing left in modules come before all others. Weights are floating-point arrays
/// from the file with two or more values that operators take. Running statistics are excluded, and
/// so are other buffers if the file distinguishes them. An array that several operators take
/// belongs to the first.
/// @param loaded  the network from its file.
/// @param frozen  the same with its attributes as constants, and with nothing folded.
[[nodiscard]] std::vector<WeightLayer> find_weight_layers(const torch::jit::Module& loaded,
                                                          const torch::jit::Module& frozen,
                                                          const std::vector<std::string>& methods);

/// Shuffles the values of each weight array, in place, in the last of the layers. Array i, counted
/// from the first layer's, gets the order for (seed, i), regardless of the number of shuffled
/// layers.
void shuffle_weights(std::vector<WeightLayer>& layers, const WeightShuffle& shuffle);

}  // namespace relax_spectro::torch_backend
