#include <fmt/format.h>

#include <span>

#include "base/draw_stream.hpp"
#include "masks/cell_code.hpp"
#include "masks/mask_design.hpp"
#include "masks/sobol_points.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr std::uint32_t kDesignDegree = 6;

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
  const std::size_t most = core::CellCode::for_cells(cell_count_, kDesignDegree).words();
  if (masks_per_block < 2 || masks_per_block > most || masks_per_block % 2 != 0) {
    throw ConfigError(fmt::format(
        "blocks of {} code masks; expected an even number from 2 to {} for a grid of {} cells",
        masks_per_block, most, cell_count_));
  }
  directions_ = core::sobol_directions(2, masks_per_block);
}

Mask CodeDesign::mask(std::size_t index) const {
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
  mask.cell_bits =
      core::CellCode::for_cells(cell_count_, kDesignDegree).word(point, cell_count_, draws);
  return mask;
}

}  // namespace relax_spectro
