#pragma once

#include <cstddef>
#include <vector>

#include "masks/mask_axes.hpp"
#include "masks/mask_law.hpp"
#include "relax_spectro/masks/axis_size.hpp"

namespace relax_spectro::core {

/// A grid's cells along both axes.
struct GridLayout {
  AxisGrid frequency;
  AxisGrid time;
};

/// The cells that --grid asks for. In Hertz: round(range / size) cells, equally wide in Hertz, over
/// what the bands cover; in seconds: round(duration / size) cells; at least one.
/// @throws ConfigError  the grid does not fit the axes: more cells than bins, a cell that holds no
///                      band, more Hertz than the bands cover, a unit that the axes do not know.
[[nodiscard]] GridLayout lay_grid(const Size2d& grid, const MaskAxes& axes);

/// So many cells, equally wide in Hertz.
/// @throws ConfigError  the axes do not say where the bands lie.
[[nodiscard]] AxisGrid grid_even_in_hertz(std::size_t cells, const MaskAxes& axes);

/// A window's positions along both axes.
struct WindowLayout {
  std::vector<BinRange> frequency;
  std::vector<BinRange> time;
};

/// The positions that --window takes at every --stride, until the last bin is masked; the last
/// position is cut off at the far edge, as Captum's Occlusion does. A window in Hertz masks the
/// bands whose centres lie in it; it begins at what the bands cover, or, with a stride in bands, at
/// a band's centre. Seconds are rounded to frames.
/// @throws ConfigError  the window or the stride does not fit the axes: larger than these, less
///                      than a frame, a position that would hold no band, a unit that the axes do
///                      not know.
[[nodiscard]] WindowLayout lay_windows(const Size2d& window, const Size2d& stride,
                                       const MaskAxes& axes);

/// Half a window's side, at least one bin.
/// @throws ConfigError  as lay_windows, for the window.
[[nodiscard]] Size2d half_of(const Size2d& window, const MaskAxes& axes);

}  // namespace relax_spectro::core
