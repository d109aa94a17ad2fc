#pragma once

#include <string>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

/// @throws ConfigError  with the message, if the request is not valid.
inline void require(bool valid, const std::string& message) {
  if (!valid) throw ConfigError(message);
}

}  // namespace relax_spectro::core
