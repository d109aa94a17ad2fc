#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "masks/mask.hpp"
#include "masks/mask_axes.hpp"
#include "masks/mask_design.hpp"
#include "relax_spectro/masks/mask_options.hpp"

namespace relax_spectro {

/// A law and a design for windows of one shape.
struct MaskSet {
  MaskLaw law;
  std::unique_ptr<MaskDesign> design;
  std::size_t count = 0;  ///< how many masks were requested; with an automatic count, the maximum
  std::size_t step = 1;   ///< the unit for adding masks: a block of the design
  CellLayout layout;      ///< the law's layout, as a mask file stores it
  /// The name of a DesignKind, or `listed` or `sweep`.
  std::string_view design_name;
  std::optional<Shape2d> first_cells;  ///< for adaptive masks, whose law is that of a lattice
  std::optional<SweptWindow> window;   ///< the window, if the masks are a sweep
};

/// The masks for a window of the recording. Families `time` and `frequency` have one row or column
/// of the grid.
/// @throws ConfigError  the options do not fit the axes, or name several windows.
[[nodiscard]] MaskSet make_masks(const MaskOptions& options, const MaskAxes& axes);

/// One set for each window of a sweep, in order; otherwise a single set.
/// @throws ConfigError  the options do not fit the axes.
[[nodiscard]] std::vector<MaskSet> make_mask_sets(const MaskOptions& options, const MaskAxes& axes);

/// The stride of a window: as requested, or half its sides.
/// @throws ConfigError  the window does not fit the axes.
[[nodiscard]] Size2d resolved_stride(const SweptWindow& window, const MaskAxes& axes);

/// The mean weight of each bin over all masks, [frequency, time].
[[nodiscard]] Array2d<double> mean_weights(const MaskSet& set);

/// How evenly the masks keep the bins.
struct Coverage {
  double mean = 0.0;    ///< of the bins' mean weights
  double spread = 0.0;  ///< standard deviation over bins
};

[[nodiscard]] Coverage coverage_of(const Array2d<double>& mean_weights);

/// Masks over time, over frequency, or both, with a third of each. The first third draws cells
/// along time, and the second cells along frequency, kept with the keep probability p. The last
/// third is the product of both, with cells kept with sqrt(p). So every cell of every mask is kept
/// with p.
class TimeFrequencyDesign final : public MaskDesign {
 public:
  /// @throws ConfigError  the probability is outside (0, 1).
  TimeFrequencyDesign(const MaskLaw& law, std::uint64_t seed, double keep_probability);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::size_t size() const override { return SIZE_MAX; }

 private:
  Shape2d grid_;
  Shape2d shifts_;
  std::uint64_t seed_;
  std::uint32_t keep_below_;         // a 32-bit draw below this keeps a cell
  std::uint32_t keep_factor_below_;  // the same for a factor of a product
};

/// Every position of a window_mask_law's rectangle, row by row.
class WindowSweepDesign final : public MaskDesign {
 public:
  explicit WindowSweepDesign(const MaskLaw& law) : positions_(law.shifts()) {}

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::size_t size() const override { return positions_.rows * positions_.columns; }

 private:
  Shape2d positions_;
};

}  // namespace relax_spectro
