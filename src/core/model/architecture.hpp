#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/state_dict.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// Numbers that a layer of a network holds.
struct LayerTensor {
  std::string layer;  ///< a TorchScript name: "features_0"
  std::string name;   ///< "weight", "bias"
  StateTensor tensor;
};

/// A network as TorchScript source, with what its layers hold.
struct NetworkSource {
  std::string code;  ///< the methods; layers are attributes of self
  std::vector<LayerTensor> tensors;
};

/// A published architecture whose weights can be imported.
struct Architecture {
  std::string name;         ///< "efficientat-mn"
  std::string description;  ///< of a line
  std::string weights;      ///< where they are published, and what their licence is
  /// Its card, without the weights' own part.
  ModelCard card;
  /// Makes the network of weights. Batch norms are folded into the convolutions before them.
  /// @param file  names the weights in errors.
  /// @throws ModelError  they are not of this architecture: every tensor that is missing,
  ///                     unexpected or of another shape is listed.
  NetworkSource (*network)(const StateDict& weights, const std::string& file) = nullptr;
};

/// All of them, in the order in which they are listed to users.
[[nodiscard]] const std::vector<Architecture>& architectures();

/// @throws ConfigError  there is none of that name; the message lists those that there are.
[[nodiscard]] const Architecture& find_architecture(std::string_view name);

}  // namespace relax_spectro
