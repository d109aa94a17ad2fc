#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/ridge_regression.hpp"
#include "masks/mask.hpp"
#include "masks/mask_law.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::core {

/// The patches of a window along one axis: neighbouring bins, and what masks keep of them.
struct AxisPatches {
  /// That a cell takes part in a patch at one shift.
  struct Share {
    std::uint32_t patch = 0;
    std::uint32_t cell = 0;
    double weight = 0.0;  ///< of the cell, mean over the patch's bins
  };

  std::size_t cells = 0;
  std::vector<std::vector<Share>> shares;  ///< for each shift
  /// [patches, bins]: the sum over cells of a cell's weight in the patch times its weight at the
  /// bin, mean over the shifts.
  Array2d<double> overlap;

  AxisPatches(const AxisLaw& law, std::size_t most);
  [[nodiscard]] std::size_t count() const { return overlap.rows; }
};

/// A division of the window into patches somewhat smaller than cells, for a linear model of the
/// score in how much of each patch a mask keeps.
///
/// Note [Why patches, not cells]
/// The score depends on what is masked. A mask's cells say that only together with its shift: at
/// another shift the same cells hide other bins, and a model that is linear in cells leaves that
/// over as noise. On a window of 96x64 bins, where shifts of seven cells go over half a cell, that
/// was up to half of all noise's variance (`vggish-small`, 512 masks); on one of 1000x128, where
/// they go over less than a twentieth, some hundredths.
class MaskPatches {
 public:
  explicit MaskPatches(const MaskLaw& law);

  [[nodiscard]] std::size_t count() const { return frequency_.count() * time_.count(); }

  /// Writes 2 m - 1 for each patch, m the mean weight of the mask over its bins.
  /// @pre `features` has room for all patches.
  void write_features(const Mask& mask, std::span<double> features) const;

  /// E[f M] / E[M] for a linear model f of the features, where cells are kept independently with
  /// probability `keep` and each shift is as likely as any other: [frequency, time].
  [[nodiscard]] Array2d<double> expected_map(const LinearFit& fit, double keep) const;

 private:
  AxisPatches frequency_;
  AxisPatches time_;
};

}  // namespace relax_spectro::core
