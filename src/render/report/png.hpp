#pragma once

#include <string>

#include "shown_map.hpp"

// Pictures of the page: one pixel for each cell, row 0 at the bottom. The browser scales them.

namespace relax_spectro::render {

/// The bytes of a grey PNG of the sound, in which louder is darker. @pre one cell or more.
[[nodiscard]] std::string sound_png(const ShownMap& map);

/// The bytes of a transparent PNG of the contrast, in overlay_colour.
[[nodiscard]] std::string overlay_png(const ShownMap& map);

/// The bytes of a PNG of the contrast over the sound.
[[nodiscard]] std::string joined_png(const ShownMap& map);

/// A colour of the overlay, each component in [0, 1].
struct OverlayColour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
  double opacity = 0.0;
};

/// The figures' colours of signed values, which vanish towards zero.
/// @param share  contrast divided by the end of its scale, -1 to 1.
[[nodiscard]] OverlayColour overlay_colour(double share);

}  // namespace relax_spectro::render
