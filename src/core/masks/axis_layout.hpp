#pragma once

#include <cstddef>
#include <vector>

#include "masks/mask_axes.hpp"
#include "masks/mask_law.hpp"
#include "relax_spectro/masks/axis_size.hpp"

namespace relax_spectro::core {

/// The cells of a grid along both axes.
struct GridLayout {
  AxisGrid frequency;
  AxisGrid time;
};

/// Lays out the cells of --grid. A cell size in Hertz gives round(range / size) cells of equal
/// width in Hertz over the range of the bands. A size in seconds gives round(duration / size)
/// cells. There is at least one.
/// @throws ConfigError  the grid does not fit the axes. It may have more cells than bins, a cell
///                      without a band, more Hertz than the bands cover, or an unknown unit for
///                      these axes.
[[nodiscard]] GridLayout lay_grid(const Size2d& grid, const MaskAxes& axes);

/// Cells of equal width in Hertz.
/// @throws ConfigError  the frequencies of the bands are unknown.
[[nodiscard]] AxisGrid grid_even_in_hertz(std::size_t cells, const MaskAxes& axes);

/// The positions of a window along both axes.
struct WindowLayout {
  std::vector<BinRange> frequency;
  std::vector<BinRange> time;
};

/// The positions of --window at every --stride, until the last bin is masked. The last position is
/// cut off at the far edge, as in Captum's Occlusion. A window in Hertz masks the bands whose
/// centres it contains. It starts at the lower edge of the bands or, with a stride in bands, at the
/// centre of a band. Seconds are rounded to frames.
/// @throws ConfigError  the window or the stride does not fit the axes. It may be too large, less
///                      than a frame, in an unknown unit for these axes, or have a position without
///                      a band.
[[nodiscard]] WindowLayout lay_windows(const Size2d& window, const Size2d& stride,
                                       const MaskAxes& axes);

/// Half of a window along each axis, at least one bin.
/// @throws ConfigError  as lay_windows, for the window.
[[nodiscard]] Size2d half_of(const Size2d& window, const MaskAxes& axes);

}  // namespace relax_spectro::core
