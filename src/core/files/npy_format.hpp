#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/npz.hpp"

namespace relax_spectro::core {

/// The bytes before an array's values: magic, version 1.0, the type as numpy spells it ("<f8"), the
/// shape; padded to a multiple of 64.
[[nodiscard]] std::string npy_header(std::string_view type, std::span<const std::size_t> shape);

/// Reads one array from the bytes of a `.npy`. `origin` names it in errors.
/// @throws IoError  not a npy, damaged, not numeric, or in Fortran order.
[[nodiscard]] NumericArray parse_npy(std::span<const char> bytes, const std::string& origin);

}  // namespace relax_spectro::core
