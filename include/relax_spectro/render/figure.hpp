#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/window_sweep.hpp"

namespace relax_spectro {

/// One picture over time and frequency.
struct FigurePanel {
  std::string title;
  std::string unit;        ///< what the colour bar counts
  Array2d<double> values;  ///< [frequency, time]; NaN and infinity are drawn grey
  std::optional<TimeFrequencyBox> outline = std::nullopt;  ///< a part that a line is drawn around
  std::vector<double> frequency_hz = {};  ///< band centres, one a row; empty: those of the figure
};

/// Panels one above the other over the same time axis.
struct Figure {
  std::string title;
  std::string subtitle;
  std::vector<FigurePanel> panels;
  std::vector<double> time_s;        ///< frame centres, one a column
  std::vector<double> frequency_hz;  ///< band centres, one a row
};

/// Whether the ending of a path is one that figures have: `.png`, `.svg` or `.pdf`.
[[nodiscard]] bool is_figure_path(const std::filesystem::path& path);

/// Draws a figure. The ending of the path says the format: `.png`, `.svg` or `.pdf`.
/// Where there are more frames or bands than pixels, their means are drawn, and the colours of a
/// panel span those. The page is 700 points wide: 1400 pixels in a PNG.
/// @throws ConfigError  another ending, panels that do not fit the axes, or axes that do not rise.
/// @throws IoError      the file cannot be written.
void draw_figure(const std::filesystem::path& path, const Figure& figure);

/// A colour, each part in [0, 1], sRGB.
struct Colour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
};

/// The figures' colour map: from near-black blue to pale yellow. Its lightness rises linearly with
/// `value` in [0, 1] (values outside are clamped), so that equal steps look equal, in grey too.
/// Made by formula in Oklab (Ottosson 2020).
[[nodiscard]] Colour colour_of(double value);

}  // namespace relax_spectro
