#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/architecture.hpp"
#include "model/state_dict.hpp"

namespace relax_spectro::core {

/// A network found among the tensors of a file.
struct FoundNetwork {
  NetworkSource network;
  StateDict weights;                  ///< of the network, by their names without the prefix
  std::string prefix;                 ///< "net."; empty: none
  std::vector<std::string> left_out;  ///< tensors outside the network
};

/// Finds the network of an architecture among tensors, by the prefix of its names.
///
/// If several prefixes contain the whole network, one made of wrappers ("module.", "net.", ...)
/// takes precedence over others, such as that of an averaged copy.
/// @param prefix  the required prefix; nothing: find it.
/// @param file    names the weights in errors.
/// @throws ConfigError  several prefixes match; the message lists them.
/// @throws ModelError   none matches; the message has the closest one and what it lacks.
[[nodiscard]] FoundNetwork find_network(const Architecture& architecture, StateDict tensors,
                                        const std::optional<std::string>& prefix,
                                        const std::string& file);

}  // namespace relax_spectro::core
