#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace relax_spectro::core {

/// Direction numbers of the Sobol sequence from Joe and Kuo: [dimensions, bits], with enough bits
/// to count `points`.
[[nodiscard]] std::vector<std::uint32_t> sobol_directions(std::size_t dimensions,
                                                          std::size_t points);

/// One coordinate of point `index`, as a 32-bit fraction.
/// @param directions  of that dimension.
[[nodiscard]] std::uint32_t sobol_coordinate(std::span<const std::uint32_t> directions,
                                             std::size_t index);

/// Owen's nested uniform scrambling of a 32-bit fraction by a hash (Burley 2020). Each seed gives
/// one permutation.
[[nodiscard]] std::uint32_t owen_scramble(std::uint32_t fraction, std::uint32_t seed);

}  // namespace relax_spectro::core
