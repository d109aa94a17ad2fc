#include "canvas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numbers>
#include <sstream>
#include <vector>

#include "cairo_handle.hpp"

namespace relax_spectro::render {
namespace {

constexpr double kBarGap = 10.0;  // from a plot to its colour bar
constexpr double kBarWidth = 11.0;
constexpr double kBarAndLabels = 78.0;
constexpr double kTextWidth = kPageWidth - kPlotLeft - kMargin;

constexpr TextStyle kTitleStyle{.size = 13.0, .grey = 0.0, .bold = true, .least_size = 10.0};
constexpr TextStyle kSubtitleStyle{.size = 8.5, .grey = 0.3};
constexpr TextStyle kRaisedStyle{.size = 5.5, .grey = 0.4};

/// Cairo rejects a whole drawing for one byte that is not UTF-8, which file names may contain. In
/// that case all non-ASCII bytes become question marks. Control characters become spaces.
std::string printable(std::string_view text) {
  std::string result(text);
  const Surface scratch(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  const Context cr(cairo_create(scratch.get()));
  cairo_text_extents_t extents;
  cairo_text_extents(cr.get(), result.c_str(), &extents);
  const bool valid = cairo_status(cr.get()) == CAIRO_STATUS_SUCCESS;
  for (char& character : result) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x20 || byte == 0x7F) character = ' ';
    if (byte >= 0x80 && !valid) character = '?';
  }
  return result;
}

void remove_last_character(std::string& text) {
  while ((static_cast<unsigned char>(text.back()) & 0xC0U) == 0x80U) text.pop_back();
  text.pop_back();
}

void set_font(cairo_t* cr, const TextStyle& style, double size) {
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         style.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
}

double width_of(cairo_t* cr, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text.c_str(), &extents);
  return extents.x_advance;
}

/// Sets a font size for which `text` is at most `most_width` wide. Returns the text, cut if
/// necessary.
std::string fit_text(cairo_t* cr, std::string_view text, const TextStyle& style,
                     double most_width) {
  std::string fitted = printable(text);
  set_font(cr, style, style.size);
  const double width = width_of(cr, fitted);
  if (width <= most_width) return fitted;
  set_font(cr, style, std::max(style.least_size, style.size * 0.99 * most_width / width));
  if (width_of(cr, fitted) <= most_width) return fitted;
  while (!fitted.empty() && width_of(cr, fitted + "\u2026") > most_width) {
    remove_last_character(fitted);
  }
  return fitted + "\u2026";
}

/// The middle of the half-point line at a coordinate, for sharp strokes.
double on_line(double coordinate) {
  return std::floor(coordinate / kHairline) * kHairline + kHairline / 2.0;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Draws the factor and offset of a colour bar's labels above it.
void draw_multiplier(cairo_t* cr, const ValueTicks& ticks, const Box& bar, double y) {
  double x = bar.x;
  if (ticks.exponent != 0) {
    x = draw_text(cr, "\u00D710", x, y, Align::left, kNoteStyle, 30.0);
    const std::string exponent =
        (ticks.exponent < 0 ? "\u2212" : "") + std::to_string(std::abs(ticks.exponent));
    x = draw_text(cr, exponent, x + 0.5, y - 3.0, Align::left, kRaisedStyle, 20.0) + 2.5;
  }
  draw_text(cr, ticks.offset, x, y, Align::left, kNoteStyle, bar.x + kBarAndLabels - x);
}

}  // namespace

double draw_text(cairo_t* cr, std::string_view text, double x, double y, Align align,
                 const TextStyle& style, double most_width) {
  const std::string fitted = fit_text(cr, text, style, most_width);
  const double width = width_of(cr, fitted);
  const double begin = align == Align::left     ? x
                       : align == Align::centre ? x - width / 2.0
                                                : x - width;
  cairo_set_source_rgb(cr, style.grey, style.grey, style.grey);
  cairo_move_to(cr, begin, y);
  cairo_show_text(cr, fitted.c_str());
  return begin + width;
}

void draw_upward_text(cairo_t* cr, std::string_view text, double x, double y,
                      const TextStyle& style, double most_width, Align align) {
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_rotate(cr, -std::numbers::pi / 2.0);
  draw_text(cr, text, 0.0, 0.0, align, style, most_width);
  cairo_restore(cr);
}

double text_width(std::string_view text, const TextStyle& style) {
  const Surface scratch(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  const Context cr(cairo_create(scratch.get()));
  set_font(cr.get(), style, style.size);
  return width_of(cr.get(), printable(text));
}

double header_height(const std::string& title, const std::string& subtitle) {
  return kMargin + (title.empty() ? 0.0 : 16.0) +
         (subtitle.empty() ? 0.0
                           : 2.0 + kTextLine * static_cast<double>(lines_of(subtitle).size()));
}

void draw_header(cairo_t* cr, const std::string& title, const std::string& subtitle) {
  double y = kMargin;
  if (!title.empty()) {
    draw_text(cr, title, kPlotLeft, y + 11.0, Align::left, kTitleStyle, kTextWidth);
    y += 16.0;
  }
  draw_lines(cr, lines_of(subtitle), y);
}

void draw_panel_title(cairo_t* cr, const std::string& title, const Box& box, double most_width) {
  draw_text(cr, title, box.x, box.y - 6.0, Align::left, kPanelTitleStyle, most_width);
}

std::vector<std::string> wrapped(const std::vector<std::string>& paragraphs) {
  const Surface scratch(cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1));
  const Context cr(cairo_create(scratch.get()));
  set_font(cr.get(), kSubtitleStyle, kSubtitleStyle.size);
  std::vector<std::string> lines;
  for (const std::string& paragraph : paragraphs) {
    lines.emplace_back();
    std::istringstream words(printable(paragraph));
    for (std::string word; words >> word;) {
      std::string& line = lines.back();
      const std::string longer = line.empty() ? word : fmt::format("{} {}", line, word);
      if (line.empty() || width_of(cr.get(), longer) <= kTextWidth) {
        line = longer;
      } else {
        lines.push_back(word);
      }
    }
  }
  return lines;
}

void draw_lines(cairo_t* cr, const std::vector<std::string>& lines, double y) {
  for (const std::string& line : lines) {
    draw_text(cr, line, kPlotLeft, y + 9.0, Align::left, kSubtitleStyle, kTextWidth);
    y += kTextLine;
  }
}

void draw_line(cairo_t* cr, double x1, double y1, double x2, double y2) {
  cairo_set_source_rgb(cr, kAxisStyle.grey, kAxisStyle.grey, kAxisStyle.grey);
  cairo_set_line_width(cr, kHairline);
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

void draw_cells(cairo_t* cr, const Cells& cells, const std::optional<Scale>& scale, const Box& box,
                double pixels_per_point) {
  const int width = static_cast<int>(std::lround(box.width * pixels_per_point));
  const int height = static_cast<int>(std::lround(box.height * pixels_per_point));
  std::vector<std::uint32_t> pixels =
      pixels_of(cells, scale, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  const Surface image(cairo_image_surface_create_for_data(
      reinterpret_cast<unsigned char*>(pixels.data()), CAIRO_FORMAT_RGB24, width, height,
      cairo_format_stride_for_width(CAIRO_FORMAT_RGB24, width)));
  cairo_save(cr);
  cairo_translate(cr, box.x, box.y);
  cairo_scale(cr, 1.0 / pixels_per_point, 1.0 / pixels_per_point);
  cairo_set_source_surface(cr, image.get(), 0.0, 0.0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_restore(cr);
}

void draw_frame(cairo_t* cr, const Box& box) {
  for (const double x : {box.x - kHairline / 2.0, box.right() + kHairline / 2.0}) {
    draw_line(cr, x, box.y - kHairline, x, box.bottom() + kHairline);
  }
  for (const double y : {box.y - kHairline / 2.0, box.bottom() + kHairline / 2.0}) {
    draw_line(cr, box.x - kHairline, y, box.right() + kHairline, y);
  }
}

void draw_side_tick(cairo_t* cr, const Tick& tick, double x, double y, Align align) {
  const double outwards = align == Align::right ? -1.0 : 1.0;
  draw_line(cr, x, on_line(y), x + outwards * kTickLength, on_line(y));
  draw_text(cr, tick.label, x + outwards * (kTickLength + 2.5), y + 0.36 * kAxisStyle.size, align,
            kAxisStyle, 44.0);
}

void draw_bottom_tick(cairo_t* cr, const Tick& tick, double x, double y) {
  draw_line(cr, on_line(x), y, on_line(x), y + kTickLength);
  if (tick.label.empty()) return;
  draw_text(cr, tick.label, x, y + kTickLength + 9.0, Align::centre, kAxisStyle, 60.0);
}

void draw_colour_bar(cairo_t* cr, const Box& plot, const std::optional<Scale>& scale,
                     const std::string& unit, double pixels_per_point) {
  const Box bar{plot.right() + kBarGap, plot.y, kBarWidth, plot.height};
  const double note_y = plot.y - 6.0;
  const bool sloping = scale && !scale->constant();
  Array2d<double> ramp(sloping ? 256 : 1, 1, scale ? scale->low : 0.0);
  for (std::size_t row = 0; row < ramp.rows && sloping; ++row) {
    ramp(row, 0) = std::lerp(scale->low, scale->high, static_cast<double>(row) / 255.0);
  }
  draw_cells(cr, {ramp}, scale, bar, pixels_per_point);
  draw_frame(cr, bar);
  draw_upward_text(cr, unit, bar.x + kBarAndLabels - 7.0, bar.y + bar.height / 2.0, kAxisStyle,
                   bar.height);
  const std::string_view note = !scale ? "no values" : scale->constant() ? "constant" : "";
  draw_text(cr, note, bar.x, note_y, Align::left, kNoteStyle, 70.0);
  if (!scale) return;
  const auto ticks = value_ticks(*scale, bar.height / 20.0);
  for (const Tick& tick : ticks.ticks) {
    const double y = bar.bottom() - scale->fraction(tick.position) * bar.height;
    draw_side_tick(cr, tick, bar.right() + kHairline, y, Align::left);
  }
  draw_multiplier(cr, ticks, bar, note_y);
}

}  // namespace relax_spectro::render
