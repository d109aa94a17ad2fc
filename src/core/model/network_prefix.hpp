#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/architecture.hpp"
#include "model/state_dict.hpp"

namespace relax_spectro::core {

/// A network that was found among the tensors of a file.
struct FoundNetwork {
  NetworkSource network;
  StateDict weights;                  ///< its own, by their names without the prefix
  std::string prefix;                 ///< "net."; empty: there is none
  std::vector<std::string> left_out;  ///< what lies beside it
};

/// Finds the network of an architecture among tensors, by what its names begin with.
///
/// Where several prefixes have all of it, one that only wrappers put there ("module.", "net.", ...)
/// counts before others, such as that of an averaged copy.
/// @param prefix  the one to take; nothing: the one that fits.
/// @param file    names the weights in errors.
/// @throws ConfigError  several fit: they are named.
/// @throws ModelError   none fits: the closest, and what it lacks.
[[nodiscard]] FoundNetwork find_network(const Architecture& architecture, StateDict tensors,
                                        const std::optional<std::string>& prefix,
                                        const std::string& file);

}  // namespace relax_spectro::core
