#include "masks/sobol_points.hpp"

#include <bit>
#include <boost/random/sobol.hpp>

namespace relax_spectro::core {
namespace {

std::uint32_t reverse_bits(std::uint32_t value) {
  value = ((value >> 1) & 0x55555555U) | ((value & 0x55555555U) << 1);
  value = ((value >> 2) & 0x33333333U) | ((value & 0x33333333U) << 2);
  value = ((value >> 4) & 0x0F0F0F0FU) | ((value & 0x0F0F0F0FU) << 4);
  value = ((value >> 8) & 0x00FF00FFU) | ((value & 0x00FF00FFU) << 8);
  return (value >> 16) | (value << 16);
}

}  // namespace

std::vector<std::uint32_t> sobol_directions(std::size_t dimensions, std::size_t points) {
  const auto bits = static_cast<std::size_t>(std::bit_width(points - 1));
  boost::random::sobol_engine<std::uint32_t, 32> engine(dimensions);
  std::vector<std::uint32_t> directions(dimensions * bits);
  for (std::size_t bit = 0; bit < bits; ++bit) {
    // The engine skips point 0 (all zero) and uses Gray code order. So points 2^bit - 1 and 2^bit
    // differ only by this direction.
    const auto power = static_cast<std::uint32_t>(std::size_t{1} << bit);
    engine.seed(power == 1 ? 0 : power - 2);
    std::vector<std::uint32_t> before(dimensions);
    if (power > 1) {
      for (auto& coordinate : before) coordinate = engine();
    }
    for (std::size_t d = 0; d < dimensions; ++d) directions[d * bits + bit] = before[d] ^ engine();
  }
  return directions;
}

std::uint32_t sobol_coordinate(std::span<const std::uint32_t> directions, std::size_t index) {
  std::uint32_t fraction = 0;
  for (std::size_t bit = 0; bit < directions.size(); ++bit) {
    if ((index >> bit & 1U) != 0) fraction ^= directions[bit];
  }
  return fraction;
}

std::uint32_t owen_scramble(std::uint32_t fraction, std::uint32_t seed) {
  // On reversed bits, each step lets a bit change only later bits, which nested scrambling
  // requires.
  std::uint32_t x = reverse_bits(fraction) + seed;
  x ^= x * 0x6C50B47CU;
  x ^= x * 0xB82F1E52U;
  x ^= x * 0xC7AFE638U;
  x ^= x * 0x8D22F6E6U;
  return reverse_bits(x);
}

}  // namespace relax_spectro::core
