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
  std::size_t count = 0;  ///< how many masks were asked for; with an automatic count the most
  std::size_t step = 1;   ///< masks are best added by so many: a block of the design
  CellLayout layout;      ///< what a mask file must say of the law
  /// How they are drawn: a DesignKind, or `listed` or `sweep`.
  std::string_view design_name;
  std::optional<SweptWindow> window;  ///< whose positions these are, of masks that are swept
};

/// The masks of a window of the recording. Families `time` and `frequency` have one row or column
/// of the grid.
/// @throws ConfigError  the options do not fit the axes, or name several windows.
[[nodiscard]] MaskSet make_masks(const MaskOptions& options, const MaskAxes& axes);

/// One set for each window that is swept, in their order; of other masks one set.
/// @throws ConfigError  the options do not fit the axes.
[[nodiscard]] std::vector<MaskSet> make_mask_sets(const MaskOptions& options, const MaskAxes& axes);

/// How far apart a window's positions are: as asked for, or half its sides.
/// @throws ConfigError  the window does not fit the axes.
[[nodiscard]] Size2d resolved_stride(const SweptWindow& window, const MaskAxes& axes);

/// How much of each bin the masks keep: the mean weight over all of them, [frequency, time].
[[nodiscard]] Array2d<double> mean_weights(const MaskSet& set);

/// How evenly masks keep the bins.
struct Coverage {
  double mean = 0.0;    ///< of their mean weights, over bins
  double spread = 0.0;  ///< standard deviation over bins
};

[[nodiscard]] Coverage coverage_of(const Array2d<double>& mean_weights);

/// Masks over time, over frequency, or both: a third each is drawn as cells along time (each kept
/// with the keep probability p), cells along frequency, and the product of such masks whose cells
/// are kept with sqrt(p), so that every cell of every mask is kept with p.
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
  std::uint32_t keep_factor_below_;  // or a factor of a product's cell
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
