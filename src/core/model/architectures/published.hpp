#pragma once

#include <vector>

#include "model/architecture.hpp"

namespace relax_spectro::core {

// Each family has a file of its own.
[[nodiscard]] std::vector<Architecture> aisfx_architectures();
[[nodiscard]] std::vector<Architecture> efficientat_architectures();
[[nodiscard]] std::vector<Architecture> panns_architectures();
[[nodiscard]] std::vector<Architecture> vggish_architectures();

}  // namespace relax_spectro::core
