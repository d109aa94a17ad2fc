#pragma once

#include <cairo.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "axis.hpp"
#include "relax_spectro/base/array2d.hpp"

// Drawing functions for pages. All lengths are in points. Edges are at multiples of half a point,
// which are pixels of a PNG.

namespace relax_spectro::render {

// Lengths common to all pages.
inline constexpr double kPageWidth = 700.0;
inline constexpr double kPlotLeft = 58.0;
inline constexpr double kPlotWidth = 550.0;
inline constexpr double kMargin = 12.0;
inline constexpr double kPanelTitleHeight = 22.0;
inline constexpr double kTimeAxisHeight = 38.0;
inline constexpr double kTickLength = 3.5;
inline constexpr double kHairline = 0.5;
inline constexpr double kTextLine = 12.0;  ///< height of a line of text below the title

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
  double least_size = 6.5;  ///< long text shrinks to this size, and is then cut
};

inline constexpr TextStyle kPanelTitleStyle{.size = 9.5, .grey = 0.0, .bold = true};
inline constexpr TextStyle kAxisStyle{.size = 8.5};
inline constexpr TextStyle kNoteStyle{.size = 7.5, .grey = 0.4};

/// Draws a line of text with its baseline at `y`. Returns its end.
double draw_text(cairo_t* cr, std::string_view text, double x, double y, Align align,
                 const TextStyle& style, double most_width);

/// Draws text that runs upwards, with its baseline at `x`. It is centred on `y`, or begins
/// (Align::left) or ends there.
void draw_upward_text(cairo_t* cr, std::string_view text, double x, double y,
                      const TextStyle& style, double most_width, Align align = Align::centre);

/// The width of a line of text that is not shrunk.
[[nodiscard]] double text_width(std::string_view text, const TextStyle& style);

/// The height of a page's title and of the lines below it. Either may be empty.
[[nodiscard]] double header_height(const std::string& title, const std::string& subtitle);

void draw_header(cairo_t* cr, const std::string& title, const std::string& subtitle);

/// Draws the title of a panel above its box.
void draw_panel_title(cairo_t* cr, const std::string& title, const Box& box,
                      double most_width = kPlotWidth);

/// Paragraphs as lines of a page's width.
[[nodiscard]] std::vector<std::string> wrapped(const std::vector<std::string>& paragraphs);

/// Draws lines below each other, the first of which begins at `y`.
void draw_lines(cairo_t* cr, const std::vector<std::string>& lines, double y);

/// Draws cells into a box. The image already has its final size, because viewers of SVG and PDF
/// would blur a small image when they enlarge it.
void draw_cells(cairo_t* cr, const Cells& cells, const std::optional<Scale>& scale, const Box& box,
                double pixels_per_point);

/// Draws a thin line.
void draw_line(cairo_t* cr, double x1, double y1, double x2, double y2);

/// Draws a frame just outside a box, so that it covers nothing in it.
void draw_frame(cairo_t* cr, const Box& box);

/// Draws a mark with its label to the right (Align::left) or left of a box.
void draw_side_tick(cairo_t* cr, const Tick& tick, double x, double y, Align align);

/// Draws a mark below a box, with its label unless that is empty.
void draw_bottom_tick(cairo_t* cr, const Tick& tick, double x, double y);

/// Draws a colour bar to the right of a plot, with the plot's height.
void draw_colour_bar(cairo_t* cr, const Box& plot, const std::optional<Scale>& scale,
                     const std::string& unit, double pixels_per_point);

}  // namespace relax_spectro::render
