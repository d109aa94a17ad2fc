#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <vector>

#include "base/draw_stream.hpp"
#include "masks/mask_design.hpp"
#include "masks/sobol_points.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kShiftDimensions = 2;
constexpr std::size_t kMostDimensions = kShiftDimensions + SobolDesign::kMostCells;

/// How a dimension splits points into a lower and an upper half, as a combination of the bits of a
/// point's number.
std::uint32_t halves_of(std::span<const std::uint32_t> directions) {
  std::uint32_t halves = 0;
  for (std::size_t bit = 0; bit < directions.size(); ++bit) {
    halves |= (directions[bit] >> 31) << bit;
  }
  return halves;
}

/// Directions for the shifts and for each cell: [2 + cells, bits].
///
/// Note [Why dimensions are left out]
/// Two dimensions may have the same halves in the first 64 or 128 points. Scrambling does not
/// change this, so it happens in every block. At p = 1/2 their cells would always be kept or masked
/// together, and no estimator could separate them. Of n points, n / 2 dimensions have distinct
/// halves, because all share the first direction. So blocks need twice as many masks as cells.
std::vector<std::uint32_t> pick_directions(std::size_t cells, std::size_t points) {
  const std::size_t dimensions = std::min(kMostDimensions, kShiftDimensions + 2 * cells + 64);
  const std::vector<std::uint32_t> all = core::sobol_directions(dimensions, points);
  const std::size_t bits = all.size() / dimensions;
  const auto of = [&](std::size_t d) { return std::span(all).subspan(d * bits, bits); };
  std::vector<std::size_t> picked;
  std::vector<std::size_t> left_out;
  std::set<std::uint32_t> seen;
  for (std::size_t d = kShiftDimensions; d < dimensions; ++d) {
    (seen.insert(halves_of(of(d))).second ? picked : left_out).push_back(d);
  }
  picked.insert(picked.end(), left_out.begin(), left_out.end());  // more cells than distinct halves
  std::vector<std::uint32_t> directions(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kShiftDimensions * bits));
  for (std::size_t cell = 0; cell < cells; ++cell) {
    directions.insert(directions.end(), of(picked[cell]).begin(), of(picked[cell]).end());
  }
  return directions;
}

}  // namespace

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
  directions_ = pick_directions(cell_count_, masks_per_block);
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
  // The shifts get the two best dimensions, because each shift affects every bin.
  mask.shift[0] = core::scaled_to(coordinate(0), shifts_.rows);
  mask.shift[1] = core::scaled_to(coordinate(1), shifts_.columns);
  mask.cell_bits.resize(cell_count_);
  for (std::size_t cell = 0; cell < cell_count_; ++cell) {
    mask.cell_bits[cell] = coordinate(2 + cell) < keep_below_ ? 1 : 0;
  }
  return mask;
}

}  // namespace relax_spectro
