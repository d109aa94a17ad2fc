#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "relax_spectro/array2d.hpp"

namespace relax_spectro {

/// A count along each axis of a spectrogram.
struct Shape2d {
  std::size_t rows = 0;     ///< along frequency
  std::size_t columns = 0;  ///< along time

  friend bool operator==(const Shape2d&, const Shape2d&) = default;
};

/// All that there is to a mask: which cells are kept, and where the grid lies. Its weight for each
/// bin follows from these and a MaskLaw, and is worked out only where it is needed.
struct Mask {
  std::vector<std::uint8_t> cell_bits;   ///< [rows, columns] of the grid; 1: kept, 0: masked
  std::array<std::uint32_t, 2> shift{};  ///< in bins, along rows (frequency), along columns (time)
};

/// The weight of one bin along one axis: a blend of two neighbouring cells.
struct AxisTap {
  std::uint32_t cell = 0;
  std::uint32_t next_cell = 0;
  double next_weight = 0.0;  ///< in [0, 1); the weight of `cell` is 1 - next_weight
};

/// How the cells of a grid become weights over bins along one axis, for each shift.
struct AxisLaw {
  std::size_t cells = 0;
  std::size_t bins = 0;
  std::size_t shifts = 0;
  std::vector<AxisTap> taps;  ///< [shifts, bins]

  [[nodiscard]] std::span<const AxisTap> taps_at(std::size_t shift) const {
    return std::span<const AxisTap>(taps).subspan(shift * bins, bins);
  }
};

/// How cells become weights over bins. Linear in the cells, and a product of one law an axis, so
/// that sums over masks can be kept per cell and expanded once (see MaskSums).
struct MaskLaw {
  AxisLaw frequency;
  AxisLaw time;

  [[nodiscard]] Shape2d grid() const { return {frequency.cells, time.cells}; }
  [[nodiscard]] Shape2d bins() const { return {frequency.bins, time.bins}; }
  [[nodiscard]] Shape2d shifts() const { return {frequency.shifts, time.shifts}; }
};

/// The `random` law of the published RELAX package, for any rectangular grid: the grid of c cells
/// is interpolated linearly to the number of bins (half-pixel centres), reflected by floor(c/2)
/// bins at each end, and cropped at a shift of 0 .. c-1 bins. (Wickstrøm et al., "RELAX:
/// Representation Learning Explainability", IJCV 2023; package relax-xai.)
/// @throws ConfigError  a grid side is 0, or has more cells than the axis has bins.
[[nodiscard]] MaskLaw random_mask_law(Shape2d bins, Shape2d grid);

/// The `rise` law: the grid of c cells is interpolated linearly to c + 1 cells' worth of bins, each
/// ceil(bins / c) wide, and cropped at a shift of less than one cell's width.
/// (Petsiuk et al., "RISE: Randomized Input Sampling for Explanation of Black-box Models", BMVC
/// 2018.)
/// @throws ConfigError  as random_mask_law.
[[nodiscard]] MaskLaw rise_mask_law(Shape2d bins, Shape2d grid);

/// The `window` law: one rectangle is masked wholly, everything else kept. Its shift counts
/// strides: the rectangle begins at shift times stride, and is cut off at the far edge, as Captum's
/// Occlusion does. The grid is 2x2 (outside and inside, along each axis) and the mask keeps all
/// cells but inside x inside.
/// @throws ConfigError  a side or a stride is 0, or the window is larger than the input.
[[nodiscard]] MaskLaw window_mask_law(Shape2d bins, Shape2d window, Shape2d stride);

/// Expands a mask to its weight for each bin, in [0, 1]: [frequency, time], row-major.
/// @throws ConfigError  the mask is not of the law's grid, its shift is outside the law, or there
/// is
///                      not just room for its weights.
void expand_mask(const MaskLaw& law, const Mask& mask, std::span<float> weights);

/// A weighted sum over masks: exact, in double, and additive bin by bin. Kept per (shift, cell), so
/// that a mask costs no work over its bins; per bin where that is fewer (fine grids).
class MaskSums {
 public:
  /// @param law  must outlive the sums.
  explicit MaskSums(const MaskLaw& law);

  /// Adds `weight` times the mask.
  /// @throws ConfigError  the mask is not of the law.
  void add(const Mask& mask, double weight);

  /// The sum over masks for each bin: [frequency, time].
  [[nodiscard]] Array2d<double> expand() const;

 private:
  [[nodiscard]] std::size_t cell_count() const;
  [[nodiscard]] Array2d<double> expand_along_time(std::size_t row_shift) const;

  const MaskLaw* law_;
  bool kept_per_cell_ = true;
  std::vector<double> sums_;  // [shift along rows, shift along columns, cell], or [bin]
};

}  // namespace relax_spectro
