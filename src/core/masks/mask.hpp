#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "masks/mask_law.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

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
