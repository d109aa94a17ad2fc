#pragma once

#include <string_view>

namespace relax_spectro {

/// The numbers that a network computes with. Scores and maps are in double, whatever they are.
enum class Precision {
  single,    ///< 32 bits, 24 of them digits: as networks are published
  half,      ///< 16 bits, 11 of them digits; up to 65504
  bfloat16,  ///< 16 bits, 8 of them digits; as far as single precision
};

/// @throws ConfigError  another name.
[[nodiscard]] Precision parse_precision(std::string_view name);
[[nodiscard]] std::string_view to_string(Precision precision);

/// By how much of its size a number is off at most when it is rounded.
[[nodiscard]] double rounding_of(Precision precision);

}  // namespace relax_spectro
