#pragma once

#include <string_view>

namespace relax_spectro {

/// The version of the library, "major.minor.patch".
[[nodiscard]] std::string_view version();

}  // namespace relax_spectro
