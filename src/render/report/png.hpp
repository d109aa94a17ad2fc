#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

// Pictures of the page: one pixel for each cell, row 0 at the bottom. The browser scales them.

namespace relax_spectro::render {

/// The bytes of a PNG in which larger values are lighter, from near-black to light grey.
/// @param cells  one or more; NaN is black.
[[nodiscard]] std::string grey_png(const Array2d<double>& cells);

/// The bytes of an overlay PNG. Values from 0 to `most` have overlay_colour, others are
/// transparent.
[[nodiscard]] std::string overlay_png(const Array2d<double>& cells, double most);

/// A colour of the overlay, each component in [0, 1].
struct OverlayColour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
  double opacity = 0.0;
};

/// @param share  value divided by the maximum, 0 to 1.
[[nodiscard]] OverlayColour overlay_colour(double share);

}  // namespace relax_spectro::render
