#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "masks/mask.hpp"
#include "masks/mask_law.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::core {

struct LinearFit;

/// The patches of a window along one axis: groups of neighbouring bins, and their weights in masks.
struct AxisPatches {
  /// A cell's contribution to a patch at one shift.
  struct Share {
    std::uint32_t patch = 0;
    std::uint32_t cell = 0;
    double weight = 0.0;  ///< of the cell, averaged over the patch's bins
  };

  std::size_t cells = 0;
  std::vector<std::vector<Share>> shares;  ///< by shift
  /// [patches, bins]: the sum over cells of (weight in the patch) x (weight at the bin), averaged
  /// over shifts.
  Array2d<double> overlap;

  AxisPatches(const AxisLaw& law, std::size_t most);
  [[nodiscard]] std::size_t count() const { return overlap.rows; }
};

/// A division of the window into patches somewhat smaller than cells. A linear model predicts the
/// score from how much of each patch a mask keeps.
///
/// Note [Why patches, not cells]
/// The score depends on what is masked, and cells determine this only together with the shift. At
/// other shift the same cells hide other bins. A model that is linear in cells leaves this
/// variation as noise. On a window of 96x64 bins, shifts cover more than half a cell, and it was up
/// to half of the variance (`vggish-small`, 512 masks). On a window of 1000x128 bins, they cover
/// less than a twentieth of a cell, and it was a few hundredths.
class MaskPatches {
 public:
  explicit MaskPatches(const MaskLaw& law);

  [[nodiscard]] std::size_t count() const { return frequency_.count() * time_.count(); }

  /// Writes 2 m - 1 for each patch, with m the mean weight of the mask over its bins.
  /// @pre `features` has room for all patches.
  void write_features(const Mask& mask, std::span<double> features) const;

  /// E[f M] / E[M] for a linear model f of the features: [frequency, time]. Cells are kept
  /// independently with probability `keep`, and all shifts are equally likely.
  [[nodiscard]] Array2d<double> expected_map(const LinearFit& fit, double keep) const;

 private:
  AxisPatches frequency_;
  AxisPatches time_;
};

}  // namespace relax_spectro::core
