#pragma once

#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "masks/mask_design.hpp"
#include "masks/mask_family.hpp"
#include "masks/mask_law.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

namespace core {
class MaskPatches;
class RidgeRegression;
}  // namespace core

/// Part of a sample.
struct MaskBlock {
  MaskRange range;
  Array2d<double> kept;  ///< the sum of its masks at each bin
};

/// Masks of a design, and what maps need of them whatever the scores are. Each part is computed when
/// it is first asked for, and kept. Memory does not grow with the number of masks: a sample holds a
/// map for each block. One thread at a time may use it.
class MaskSample {
 public:
  /// @param law,design  must outlive the sample.
  MaskSample(const MaskLaw& law, const MaskDesign& design, MaskRange range);
  ~MaskSample();
  MaskSample(const MaskSample&) = delete;
  MaskSample& operator=(const MaskSample&) = delete;

  [[nodiscard]] const MaskLaw& law() const { return law_; }
  [[nodiscard]] const MaskDesign& design() const { return design_; }
  [[nodiscard]] MaskRange range() const { return range_; }

  /// The sum of all masks at each bin: [frequency, time].
  [[nodiscard]] const Array2d<double>& kept() const;
  /// The blocks of the design.
  [[nodiscard]] const std::vector<MaskBlock>& blocks() const;
  /// The patches of the window.
  [[nodiscard]] const core::MaskPatches& patches() const;
  /// Of scores on how much of each patch the masks keep.
  [[nodiscard]] const core::RidgeRegression& ridge() const;

 private:
  [[nodiscard]] Array2d<double> kept_of(MaskRange range) const;

  const MaskLaw& law_;
  const MaskDesign& design_;
  MaskRange range_;
  mutable std::optional<Array2d<double>> kept_;
  mutable std::vector<MaskBlock> blocks_;
  mutable std::unique_ptr<const core::MaskPatches> patches_;
  mutable std::unique_ptr<const core::RidgeRegression> ridge_;
};

namespace core {

/// A set of masks, with the samples that were used last. Scores and windows share them.
class SharedMasks {
 public:
  /// @param set  must outlive this.
  explicit SharedMasks(const MaskSet& set) : set_(&set) {}

  [[nodiscard]] const MaskSet& set() const { return *set_; }
  /// Valid until the sample after the next.
  [[nodiscard]] const MaskSample& sample(MaskRange range);

 private:
  const MaskSet* set_;
  std::list<MaskSample> last_;  // at most two, the most recent first
};

}  // namespace core
}  // namespace relax_spectro
