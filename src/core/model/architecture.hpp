#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/state_dict.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// An array of numbers in a layer of a network.
struct LayerTensor {
  std::string layer;  ///< a TorchScript name: "features_0"
  std::string name;   ///< "weight", "bias"
  StateTensor tensor;
};

/// A network as TorchScript source, with the arrays of its layers.
struct NetworkSource {
  std::string code;  ///< the methods; layers are attributes of self
  std::vector<LayerTensor> tensors;
};

/// A published architecture. Its weights can be imported.
struct Architecture {
  std::string name;         ///< "efficientat-mn"
  std::string description;  ///< one line
  std::string weights;      ///< where they are published, and their licence
  /// The default card, without what depends on the weights.
  ModelCard card;
  /// Builds the network from weights. Batch norms are folded into the convolutions before them.
  /// @param file  names the weights in errors.
  /// @throws ModelError  the weights are not of this architecture. The message lists every tensor
  ///                     that is missing, unexpected or of another shape.
  NetworkSource (*network)(const StateDict& weights, const std::string& file) = nullptr;
};

/// All architectures, in the order of the list that users see.
[[nodiscard]] const std::vector<Architecture>& architectures();

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] const Architecture& find_architecture(std::string_view name);

}  // namespace relax_spectro
