#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/mask_list.hpp"

namespace relax_spectro {

/// The weight of one bin along one axis: a blend of two neighbouring cells.
struct AxisTap {
  std::uint32_t cell = 0;
  std::uint32_t next_cell = 0;
  double next_weight = 0.0;  ///< in [0, 1); the weight of `cell` is 1 - next_weight
};

/// How the cells of a grid become weights of bins along one axis, for each shift.
struct AxisLaw {
  std::size_t cells = 0;
  std::size_t bins = 0;
  std::size_t shifts = 0;
  std::vector<AxisTap> taps;  ///< [shifts, bins]

  [[nodiscard]] std::span<const AxisTap> taps_at(std::size_t shift) const {
    return std::span<const AxisTap>(taps).subspan(shift * bins, bins);
  }
};

/// How cells become weights of bins. The law is linear in the cells, and a product of one law for
/// each axis. So sums over masks can be kept by cell and expanded once (see MaskSums).
struct MaskLaw {
  AxisLaw frequency;
  AxisLaw time;

  [[nodiscard]] Shape2d grid() const { return {frequency.cells, time.cells}; }
  [[nodiscard]] Shape2d bins() const { return {frequency.bins, time.bins}; }
  [[nodiscard]] Shape2d shifts() const { return {frequency.shifts, time.shifts}; }
};

/// The cells of a grid along one axis, and the places of the bins among them.
struct AxisGrid {
  std::size_t cells = 0;
  /// The place of each bin, ascending. Bins of equal width are at 0, 1, ... b - 1. Cells have equal
  /// width in places. If the places of mel bands are proportional to their Hertz, cells have equal
  /// width in Hertz.
  std::vector<double> places;
};

/// Cells with the same number of bins each.
[[nodiscard]] AxisGrid even_axis_grid(std::size_t cells, std::size_t bins);

/// The cell of the unshifted grid that contains a bin.
/// @pre place is within half a bin of 0 .. bins - 1.
[[nodiscard]] std::size_t cell_at(const AxisGrid& grid, double place);

/// The `random` law of the published RELAX package, for any rectangular grid of c cells along an
/// axis. Cells are interpolated linearly to the number of bins (half-pixel centres) and reflected
/// by floor(c/2) bins at each end. The result is cropped at a shift of 0 .. c-1 bins. (Wickstrøm et
/// al., "RELAX: Representation Learning Explainability", IJCV 2023; package relax-xai.) If bins
/// have different widths, shifts count bins of mean width.
/// @throws ConfigError  a grid side is 0, or has more cells than the axis has bins.
[[nodiscard]] MaskLaw random_mask_law(const AxisGrid& frequency, const AxisGrid& time,
                                      CellEdges edges);
[[nodiscard]] MaskLaw random_mask_law(Shape2d bins, Shape2d grid,
                                      CellEdges edges = CellEdges::smooth);

/// Cells with hard edges and without shifts.
/// @throws ConfigError  as random_mask_law.
[[nodiscard]] MaskLaw fixed_mask_law(Shape2d bins, Shape2d grid);

/// The `rise` law. The c cells of an axis are interpolated linearly to the bins of c + 1 cells,
/// each ceil(bins / c) wide. The result is cropped at a shift of less than one cell. (Petsiuk et
/// al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC 2018.)
/// @throws ConfigError  as random_mask_law.
[[nodiscard]] MaskLaw rise_mask_law(const AxisGrid& frequency, const AxisGrid& time,
                                    CellEdges edges);

/// Bins [begin, end) of an axis.
struct BinRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  friend bool operator==(const BinRange&, const BinRange&) = default;
};

/// The `window` law: one rectangle is masked completely, everything else is kept. A shift is the
/// number of a position of the rectangle along its axis. The grid is 2x2 (outside and inside, along
/// each axis), and a mask keeps every cell except inside x inside.
/// @throws ConfigError  an axis has no position, or a position is empty or beyond the bins.
[[nodiscard]] MaskLaw window_mask_law(Shape2d bins, std::span<const BinRange> frequency,
                                      std::span<const BinRange> time);

/// The bins that a window_mask_law's rectangle masks at a position along an axis.
[[nodiscard]] BinRange window_at(const AxisLaw& law, std::size_t position);

}  // namespace relax_spectro
