#pragma once

#include <cairo.h>

#include <optional>
#include <string>
#include <string_view>

#include "axis.hpp"
#include "relax_spectro/base/array2d.hpp"

// What is drawn with on a page. All lengths are in points. Edges lie on half points, which are
// pixels of a PNG.

namespace relax_spectro::render {

// The measures that all pages have in common.
inline constexpr double kPageWidth = 700.0;
inline constexpr double kPlotLeft = 58.0;
inline constexpr double kPlotWidth = 550.0;
inline constexpr double kMargin = 12.0;
inline constexpr double kPanelTitleHeight = 22.0;
inline constexpr double kTimeAxisHeight = 38.0;
inline constexpr double kTickLength = 3.5;
inline constexpr double kHairline = 0.5;

struct Box {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;

  [[nodiscard]] double right() const { return x + width; }
  [[nodiscard]] double bottom() const { return y + height; }
};

enum class Align { left, centre, right };

struct TextStyle {
  double size = 8.5;
  double grey = 0.15;
  bool bold = false;
  double least_size = 6.5;  ///< a text that is too long shrinks to this, then loses its end
};

inline constexpr TextStyle kPanelTitleStyle{.size = 9.5, .grey = 0.0, .bold = true};
inline constexpr TextStyle kAxisStyle{.size = 8.5};
inline constexpr TextStyle kNoteStyle{.size = 7.5, .grey = 0.4};

/// Draws a line of text with its baseline at `y`. Returns where it ends.
double draw_text(cairo_t* cr, std::string_view text, double x, double y, Align align,
                 const TextStyle& style, double most_width);

/// Draws text that runs upwards, centred on (x, y), with its baseline at x.
void draw_upward_text(cairo_t* cr, std::string_view text, double x, double y,
                      const TextStyle& style, double most_width);

/// How much of a page its title and the line below it take, either of which may be empty.
[[nodiscard]] double header_height(const std::string& title, const std::string& subtitle);

void draw_header(cairo_t* cr, const std::string& title, const std::string& subtitle);

/// Draws cells into a box. The image is made at its final size here, because viewers of SVG and PDF
/// would blur a small one that they enlarge.
void draw_cells(cairo_t* cr, const Array2d<double>& cells, const std::optional<Scale>& scale,
                const Box& box, double pixels_per_point);

/// Four lines just outside a box, so that they cover none of it.
void draw_frame(cairo_t* cr, const Box& box);

/// A mark with its label, at the right (Align::left) or the left of a box.
void draw_side_tick(cairo_t* cr, const Tick& tick, double x, double y, Align align);

/// A mark below a box, with its label unless that is empty.
void draw_bottom_tick(cairo_t* cr, const Tick& tick, double x, double y);

/// A colour bar at the right of a plot, as high as the plot.
void draw_colour_bar(cairo_t* cr, const Box& plot, const std::optional<Scale>& scale,
                     const std::string& unit, double pixels_per_point);

}  // namespace relax_spectro::render
