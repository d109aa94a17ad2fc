#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/window_sweep.hpp"

namespace relax_spectro {

/// A picture over time and frequency.
struct FigurePanel {
  std::string title;
  std::string unit;        ///< of the values, for the colour bar
  Array2d<double> values;  ///< [frequency, time]; NaN and infinity are grey
  std::optional<TimeFrequencyBox> outline = std::nullopt;  ///< a part to be outlined
  std::vector<double> frequency_hz = {};  ///< band centres, one for each row; empty: those of the
                                          ///< figure
};

/// Stacked panels with a common time axis.
struct Figure {
  std::string title;
  std::string subtitle;
  std::vector<FigurePanel> panels;
  std::vector<double> time_s;        ///< frame centres, one for each column
  std::vector<double> frequency_hz;  ///< band centres, one for each row
};

/// Whether a path has the ending of a figure: `.png`, `.svg` or `.pdf`.
[[nodiscard]] bool is_figure_path(const std::filesystem::path& path);

/// Draws a figure in the format of the path's ending: `.png`, `.svg` or `.pdf`. If there are more
/// frames or bands than pixels, averages are drawn, and the colour scale spans those. The page is
/// 700 points wide, which is 1400 pixels in a PNG.
/// @throws ConfigError  the ending is unknown, a panel does not fit the axes, or an axis is not
///                      ascending.
/// @throws IoError      the file cannot be written.
void draw_figure(const std::filesystem::path& path, const Figure& figure);

/// A colour in sRGB, each component in [0, 1].
struct Colour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
};

/// The figures' colour map, from near-black blue to pale yellow. Its lightness rises linearly with
/// `value` in [0, 1], so that equal steps look equal, even in greyscale. Values outside are
/// clamped. It is a formula in Oklab (Ottosson 2020).
[[nodiscard]] Colour colour_of(double value);

}  // namespace relax_spectro
