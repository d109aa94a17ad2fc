#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "masks/mask_law.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Expands a mask to one weight for each bin, in [0, 1]: [frequency, time], row-major.
/// @throws ConfigError  the mask does not have the law's grid, its shift is out of range, or
///                      `weights` has another size.
void expand_mask(const MaskLaw& law, const Mask& mask, std::span<float> weights);

/// A weighted sum of masks in double, exact up to rounding. Sums are kept for each (shift, cell),
/// so that adding a mask does not touch every bin. With fine grids, where bins are fewer, they are
/// kept for each bin.
class MaskSums {
 public:
  /// @param law  must outlive the sums.
  explicit MaskSums(const MaskLaw& law);

  /// Adds `weight` times the mask.
  /// @throws ConfigError  the mask does not belong to the law.
  void add(const Mask& mask, double weight);

  /// The sum of the masks at each bin: [frequency, time].
  [[nodiscard]] Array2d<double> expand() const;

 private:
  [[nodiscard]] std::size_t cell_count() const;
  [[nodiscard]] Array2d<double> expand_along_time(std::size_t row_shift) const;

  const MaskLaw* law_;
  bool kept_per_cell_ = true;
  std::vector<double> sums_;  // [shift along rows, shift along columns, cell], or [bin]
};

}  // namespace relax_spectro
