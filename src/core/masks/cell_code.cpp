#include "masks/cell_code.hpp"

#include <array>
#include <bit>
#include <numeric>
#include <utility>

namespace relax_spectro::core {
namespace {

constexpr std::uint32_t kLeastDegree = 4;

/// Irreducible polynomials over GF(2), one for each degree. Bits are coefficients.
constexpr std::array kModuli{0b10011U, 0b100101U, 0b1000011U, 0b10000011U};

}  // namespace

CellCode::CellCode(std::uint32_t degree)
    : degree_(degree), modulus_(kModuli.at(degree - kLeastDegree)) {}

CellCode CellCode::for_cells(std::size_t cells, std::uint32_t least) {
  CellCode code(least);
  while (code.most_cells() < cells) code = CellCode(code.degree_ + 1);
  return code;
}

/// The product in GF(2^degree): of polynomials, modulo the irreducible one.
std::uint32_t CellCode::multiply(std::uint32_t a, std::uint32_t b) const {
  std::uint32_t product = 0;
  for (; b != 0; b >>= 1) {
    if ((b & 1U) != 0) product ^= a;
    a <<= 1;
    if ((a & 1U << degree_) != 0) a ^= modulus_;
  }
  return product;
}

std::vector<std::uint8_t> CellCode::word(std::uint32_t number, std::size_t cells,
                                         DrawStream draws) const {
  // A cell's column: the constant bit, an element of its own, and a multiple of its cube.
  const std::uint32_t factor = 1 + draws.next_below(most_cells() - 1);
  std::vector<std::uint32_t> elements(most_cells());
  std::iota(elements.begin(), elements.end(), 0U);
  std::vector<std::uint8_t> kept(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    std::swap(elements[cell], elements[cell + draws.next_below(elements.size() - cell)]);
    const std::uint32_t element = elements[cell];
    const std::uint32_t cube = multiply(element, multiply(element, element));
    const std::uint32_t column = 1U | element << 1 | multiply(factor, cube) << (degree_ + 1);
    const std::uint32_t flip = draws.next() & 1U;
    kept[cell] = static_cast<std::uint8_t>(
        (static_cast<std::uint32_t>(std::popcount(number & column)) ^ flip) & 1U);
  }
  return kept;
}

}  // namespace relax_spectro::core
