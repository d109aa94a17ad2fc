#include <fmt/format.h>

#include <bit>
#include <numeric>
#include <span>
#include <utility>

#include "base/draw_stream.hpp"
#include "masks/mask_design.hpp"
#include "masks/sobol_points.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

/// Arithmetic in GF(2^degree): polynomials over bits, modulo an irreducible polynomial.
struct BinaryField {
  std::uint32_t degree;
  std::uint32_t modulus;

  [[nodiscard]] std::uint32_t size() const { return 1U << degree; }

  [[nodiscard]] std::uint32_t multiply(std::uint32_t a, std::uint32_t b) const {
    std::uint32_t product = 0;
    for (; b != 0; b >>= 1) {
      if ((b & 1U) != 0) product ^= a;
      a <<= 1;
      if ((a & size()) != 0) a ^= modulus;
    }
    return product;
  }
};

constexpr BinaryField kField64{6, 0b1000011};    // x^6 + x + 1
constexpr BinaryField kField128{7, 0b10000011};  // x^7 + x + 1

const BinaryField& field_for(std::size_t cells) {
  return cells <= kField64.size() ? kField64 : kField128;
}

/// The bits of a point's number are coefficients for a constant, an element and a cube.
std::size_t points_of(const BinaryField& field) { return std::size_t{2} << (2 * field.degree); }

std::size_t require_cells(const MaskLaw& law) {
  const std::size_t cells = law.grid().rows * law.grid().columns;
  if (cells > CodeDesign::kMostCells) {
    throw ConfigError(fmt::format(
        "a grid of {} cells; code masks take at most {}: use Sobol masks, or independent ones",
        cells, CodeDesign::kMostCells));
  }
  return cells;
}

}  // namespace

CodeDesign::CodeDesign(const MaskLaw& law, std::uint64_t seed, std::size_t masks_per_block,
                       double keep_probability)
    : BlockDesign(masks_per_block),
      cell_count_(require_cells(law)),
      shifts_(law.shifts()),
      seed_(seed) {
  if (keep_probability != 0.5) {
    throw ConfigError(
        fmt::format("the probability of keeping a cell is {}; "
                    "code masks have 0.5: use Sobol masks, or independent ones",
                    keep_probability));
  }
  const std::size_t most = points_of(field_for(cell_count_));
  if (masks_per_block < 2 || masks_per_block > most || masks_per_block % 2 != 0) {
    throw ConfigError(fmt::format(
        "blocks of {} code masks; expected an even number from 2 to {} for a grid of {} cells",
        masks_per_block, most, cell_count_));
  }
  directions_ = core::sobol_directions(2, masks_per_block);
}

Mask CodeDesign::mask(std::size_t index) const {
  const BinaryField& field = field_for(cell_count_);
  const auto point = static_cast<std::uint32_t>(index % masks_per_block());
  core::DrawStream draws(seed_, index / masks_per_block(), core::DrawsFor::code_block);

  Mask mask;
  const std::size_t bits = directions_.size() / 2;
  const auto shift = [&](std::size_t axis, std::size_t shifts) {
    const auto directions = std::span(directions_).subspan(axis * bits, bits);
    const std::uint32_t fraction = core::sobol_coordinate(directions, point >> 1);
    return core::scaled_to(core::owen_scramble(fraction, draws.next()), shifts);
  };
  mask.shift[0] = shift(0, shifts_.rows);
  mask.shift[1] = shift(1, shifts_.columns);

  // A cell's column: the constant bit, an element of its own, and a multiple of its cube.
  const std::uint32_t factor = 1 + draws.next_below(field.size() - 1);
  std::vector<std::uint32_t> elements(field.size());
  std::iota(elements.begin(), elements.end(), 0U);
  mask.cell_bits.resize(cell_count_);
  for (std::size_t cell = 0; cell < cell_count_; ++cell) {
    std::swap(elements[cell], elements[cell + draws.next_below(elements.size() - cell)]);
    const std::uint32_t element = elements[cell];
    const std::uint32_t cube = field.multiply(element, field.multiply(element, element));
    const std::uint32_t column =
        1U | element << 1 | field.multiply(factor, cube) << (field.degree + 1);
    const std::uint32_t flip = draws.next() & 1U;
    mask.cell_bits[cell] = static_cast<std::uint8_t>(
        (static_cast<std::uint32_t>(std::popcount(point & column)) ^ flip) & 1U);
  }
  return mask;
}

}  // namespace relax_spectro
