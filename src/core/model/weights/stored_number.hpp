#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace relax_spectro::core {

/// A type of numbers in files of weights. All are little-endian.
struct StoredNumber {
  std::string_view storage;  ///< its name in torch.save: "torch.FloatStorage"
  std::string_view dtype;    ///< its name in safetensors: "F32"
  std::size_t bytes = 0;
  float (*read)(const char*) = nullptr;
};

/// The types that are read.
[[nodiscard]] std::span<const StoredNumber> stored_numbers();

}  // namespace relax_spectro::core
