#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "files/npz.hpp"

namespace relax_spectro::core {

/// The bytes before an array's values: magic, version 1.0, numpy's type ("<f8") and the shape. They
/// are padded to a multiple of 64.
[[nodiscard]] std::string npy_header(std::string_view type, std::span<const std::size_t> shape);

/// Reads one array from the bytes of a `.npy`. `origin` names it in errors.
/// @throws IoError  not an npy file, damaged, not numeric, or in Fortran order.
[[nodiscard]] NumericArray parse_npy(std::span<const char> bytes, const std::string& origin);

}  // namespace relax_spectro::core
