#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/window_sweep.hpp"

namespace relax_spectro {

/// How a panel shows its values.
enum class PanelKind {
  picture,
  time_curve,       ///< the lowest band against time, with two standard errors
  frequency_curve,  ///< the first frame with values against frequency, likewise
};

/// A time that is greyed, because it has no map to be read.
struct Veil {
  double begin_s = 0.0;
  double end_s = 0.0;
  std::string label;  ///< written where it fits
};

/// An arc between the middles of two parts, for what they do together.
struct PairArc {
  TimeFrequencyBox first;
  TimeFrequencyBox second;
  double value = 0.0;  ///< its sign gives the colour; its size, over the largest, the width
};

/// Marks over a panel, in the units of its axes.
struct PanelMarks {
  std::vector<Veil> veils;
  std::vector<double> seams_s;       ///< between windows: lines
  std::vector<double> cell_edges_s;  ///< of the masks: ticks inside the frame
  std::vector<double> cell_edges_hz;
  std::vector<TimeFrequencyBox> cells;  ///< adaptive ones: thin outlines
  std::vector<PairArc> arcs;            ///< the first lies on top
};

/// A picture over time and frequency.
struct FigurePanel {
  std::string title;
  std::string unit;        ///< of the values, for the colour bar
  Array2d<double> values;  ///< [frequency, time]; NaN and infinity are grey
  std::optional<TimeFrequencyBox> outline = std::nullopt;  ///< a part to be outlined
  std::vector<double> frequency_hz = {};  ///< band centres, one for each row; empty: those of the
                                          ///< figure
  PanelKind kind = PanelKind::picture;
  bool is_signed = false;               ///< colours diverge from zero, equally far to both sides
  Array2d<double> standard_error = {};  ///< of the values; empty: unknown
  double fade_below = 0.0;              ///< values of fewer standard errors than this are faded
  std::string scale_name = "";  ///< panels of one name and kind share their scale; empty: none
  PanelMarks marks = {};
};

/// Stacked panels with a common time axis.
struct Figure {
  std::string title;
  std::string subtitle;  ///< one line or several
  std::vector<FigurePanel> panels;
  std::vector<double> time_s;           ///< frame centres, one for each column
  std::vector<double> frequency_hz;     ///< band centres, one for each row
  std::vector<std::string> notes = {};  ///< paragraphs below the panels
};

/// The same figure from one time to another. @throws ConfigError  it has no frame there.
[[nodiscard]] Figure zoomed(Figure figure, std::optional<double> begin_s,
                            std::optional<double> end_s);

/// Whether a path has the ending of a figure: `.png`, `.svg` or `.pdf`.
[[nodiscard]] bool is_figure_path(const std::filesystem::path& path);

/// Draws a figure in the format of the path's ending: `.png`, `.svg` or `.pdf`. If there are more
/// frames or bands than pixels, averages are drawn, and the colour scale spans those. More than a
/// minute is drawn in rows of equal length. The page is 700 points wide, which is 1400 pixels in a
/// PNG.
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

/// The colour map of signed values in [-1, 1]: from blue over almost white at zero to brown. Both
/// sides have the same lightness at the same distance from zero, and hues that people with any kind
/// of colour blindness can tell apart. Values outside are clamped.
[[nodiscard]] Colour signed_colour_of(double value);

}  // namespace relax_spectro
