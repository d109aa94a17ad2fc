#include <fmt/format.h>

#include <cmath>
#include <span>

#include "draw_stream.hpp"
#include "relax_spectro/error.hpp"
#include "relax_spectro/mask_design.hpp"
#include "sobol_points.hpp"

namespace relax_spectro {

SobolDesign::SobolDesign(const MaskLaw& law, std::uint64_t seed, double keep_probability,
                         std::size_t masks_per_block)
    : BlockDesign(masks_per_block),
      cell_count_(law.grid().rows * law.grid().columns),
      shifts_(law.shifts()),
      seed_(seed),
      keep_below_(core::keep_threshold(keep_probability)) {
  if (cell_count_ > kMostCells) {
    throw ConfigError(fmt::format(
        "a grid of {} cells; Sobol masks take at most {}: use a coarser grid, or independent masks",
        cell_count_, kMostCells));
  }
  if (masks_per_block < 2 || masks_per_block > kMostMasksPerBlock) {
    throw ConfigError(fmt::format("blocks of {} Sobol masks; expected 2 to {}", masks_per_block,
                                  kMostMasksPerBlock));
  }
  directions_ = core::sobol_directions(2 + cell_count_, masks_per_block);
}

std::optional<double> SobolDesign::keep_probability() const {
  return std::ldexp(static_cast<double>(keep_below_), -32);
}

Mask SobolDesign::mask(std::size_t index) const {
  const std::size_t point = index % masks_per_block();
  const std::size_t bits = directions_.size() / (2 + cell_count_);
  core::DrawStream scrambles(seed_, index / masks_per_block(), core::DrawsFor::sobol_block);
  const auto coordinate = [&](std::size_t dimension) {
    const auto directions = std::span(directions_).subspan(dimension * bits, bits);
    return core::owen_scramble(core::sobol_coordinate(directions, point), scrambles.next());
  };
  Mask mask;
  // The shifts have the two best dimensions: each of their values matters to every bin.
  mask.shift[0] = core::scaled_to(coordinate(0), shifts_.rows);
  mask.shift[1] = core::scaled_to(coordinate(1), shifts_.columns);
  mask.cell_bits.resize(cell_count_);
  for (std::size_t cell = 0; cell < cell_count_; ++cell) {
    mask.cell_bits[cell] = coordinate(2 + cell) < keep_below_ ? 1 : 0;
  }
  return mask;
}

}  // namespace relax_spectro
