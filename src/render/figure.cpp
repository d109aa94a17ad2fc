#include "relax_spectro/figure.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <numbers>
#include <optional>
#include <string_view>

#include "axis.hpp"
#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

using render::Scale;
using render::Tick;

template <auto destroy>
struct Destroy {
  template <typename T>
  void operator()(T* handle) const {
    destroy(handle);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Destroy<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Destroy<cairo_destroy>>;
using File = std::unique_ptr<std::FILE, Destroy<std::fclose>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Destroy<cairo_font_options_destroy>>;

// All lengths are in points. Edges lie on half points, which are pixels of a PNG.
constexpr double kPageWidth = 700.0;
constexpr double kPlotLeft = 58.0;
constexpr double kPlotWidth = 550.0;
constexpr double kBarLeft = kPlotLeft + kPlotWidth + 10.0;
constexpr double kBarWidth = 11.0;
constexpr double kMargin = 12.0;
constexpr double kPanelTitleHeight = 22.0;
constexpr double kTimeAxisHeight = 38.0;
constexpr double kTickLength = 3.5;
constexpr double kHairline = 0.5;
constexpr double kPixelsPerPointPng = 2.0;
constexpr double kPixelsPerPointVector = 3.0;

struct Box {
  double x = 0.0;
  double y = 0.0;
  double width = 0.0;
  double height = 0.0;

  [[nodiscard]] double right() const { return x + width; }
  [[nodiscard]] double bottom() const { return y + height; }
};

struct Layout {
  double header_height = 0.0;
  double plot_height = 0.0;
  double page_height = 0.0;

  explicit Layout(const Figure& figure) {
    constexpr std::array<double, 3> kHeights = {250.0, 190.0, 150.0};
    const std::size_t panels = figure.panels.size();
    plot_height = panels <= kHeights.size() ? kHeights[panels - 1] : 120.0;
    header_height =
        kMargin + (figure.title.empty() ? 0.0 : 16.0) + (figure.subtitle.empty() ? 0.0 : 14.0);
    page_height = header_height + static_cast<double>(panels) * (kPanelTitleHeight + plot_height) +
                  kTimeAxisHeight;
  }
  [[nodiscard]] Box plot(std::size_t panel) const {
    const double y = header_height + kPanelTitleHeight +
                     static_cast<double>(panel) * (kPanelTitleHeight + plot_height);
    return {kPlotLeft, y, kPlotWidth, plot_height};
  }
};

enum class Align { left, centre, right };

struct TextStyle {
  double size = 8.5;
  double grey = 0.15;
  bool bold = false;
  double least_size = 6.5;  ///< a text that is too long shrinks to this, then loses its end
};

constexpr TextStyle kTitleStyle{.size = 13.0, .grey = 0.0, .bold = true, .least_size = 10.0};
constexpr TextStyle kSubtitleStyle{.size = 8.5, .grey = 0.4};
constexpr TextStyle kPanelTitleStyle{.size = 9.5, .grey = 0.0, .bold = true};
constexpr TextStyle kAxisStyle{.size = 8.5};
constexpr TextStyle kNoteStyle{.size = 7.5, .grey = 0.4};
constexpr TextStyle kRaisedStyle{.size = 5.5, .grey = 0.4};

/// Cairo refuses a whole drawing over one byte that is not UTF-8, and file names may hold any byte.
/// Then all that is not ASCII becomes a question mark. Control characters become spaces.
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

/// Sets a font in which `text` is at most `most_width` wide, and returns what of it fits.
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

/// Draws a line of text with its baseline at `y`. Returns where it ends.
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

/// Draws text that runs upwards, centred on (x, y), with its baseline at x.
void draw_upward_text(cairo_t* cr, std::string_view text, double x, double y,
                      const TextStyle& style, double most_width) {
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_rotate(cr, -std::numbers::pi / 2.0);
  draw_text(cr, text, 0.0, 0.0, Align::centre, style, most_width);
  cairo_restore(cr);
}

/// Draws cells into a box. The image is made at its final size here, because viewers of SVG and PDF
/// would blur a small one that they enlarge.
void draw_cells(cairo_t* cr, const Array2d<double>& cells, const std::optional<Scale>& scale,
                const Box& box, double pixels_per_point) {
  const int width = static_cast<int>(std::lround(box.width * pixels_per_point));
  const int height = static_cast<int>(std::lround(box.height * pixels_per_point));
  std::vector<std::uint32_t> pixels = render::pixels_of(
      cells, scale, static_cast<std::size_t>(width), static_cast<std::size_t>(height));
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

/// The middle of the half-point line that a coordinate falls on, for sharp strokes.
double on_line(double coordinate) {
  return std::floor(coordinate / kHairline) * kHairline + kHairline / 2.0;
}

void draw_line(cairo_t* cr, double x1, double y1, double x2, double y2) {
  cairo_set_source_rgb(cr, kAxisStyle.grey, kAxisStyle.grey, kAxisStyle.grey);
  cairo_set_line_width(cr, kHairline);
  cairo_move_to(cr, x1, y1);
  cairo_line_to(cr, x2, y2);
  cairo_stroke(cr);
}

/// Four lines just outside a box, so that they cover none of it.
void draw_frame(cairo_t* cr, const Box& box) {
  for (const double x : {box.x - kHairline / 2.0, box.right() + kHairline / 2.0}) {
    draw_line(cr, x, box.y - kHairline, x, box.bottom() + kHairline);
  }
  for (const double y : {box.y - kHairline / 2.0, box.bottom() + kHairline / 2.0}) {
    draw_line(cr, box.x - kHairline, y, box.right() + kHairline, y);
  }
}

/// A mark with its label, at the right (Align::left) or the left of a box.
void draw_side_tick(cairo_t* cr, const Tick& tick, double x, double y, Align align) {
  const double outwards = align == Align::right ? -1.0 : 1.0;
  draw_line(cr, x, on_line(y), x + outwards * kTickLength, on_line(y));
  draw_text(cr, tick.label, x + outwards * (kTickLength + 2.5), y + 0.36 * kAxisStyle.size, align,
            kAxisStyle, 44.0);
}

void draw_frequency_axis(cairo_t* cr, const Box& box, const std::vector<double>& frequency_hz) {
  const double cell_height = box.height / static_cast<double>(frequency_hz.size());
  for (const Tick& tick : render::frequency_ticks(frequency_hz, 11.0 / cell_height)) {
    const double y = box.bottom() - tick.position * cell_height;
    draw_side_tick(cr, tick, box.x - kHairline, y, Align::right);
  }
  draw_upward_text(cr, "frequency (Hz)", 18.0, box.y + box.height / 2.0, kAxisStyle, box.height);
}

void draw_time_axis(cairo_t* cr, const Box& box, const std::vector<double>& time_s, bool labels) {
  const double cell_width = box.width / static_cast<double>(time_s.size());
  for (const Tick& tick : render::time_ticks(time_s, 12.0)) {
    const double x = box.x + tick.position * cell_width;
    const double y = box.bottom() + kHairline;
    draw_line(cr, on_line(x), y, on_line(x), y + kTickLength);
    if (labels) {
      draw_text(cr, tick.label, x, y + kTickLength + 9.0, Align::centre, kAxisStyle, 60.0);
    }
  }
}

/// Above the colour bar: what its labels are to be multiplied by and added to.
void draw_multiplier(cairo_t* cr, const render::ValueTicks& ticks, double y) {
  double x = kBarLeft;
  if (ticks.exponent != 0) {
    x = draw_text(cr, "\u00D710", x, y, Align::left, kNoteStyle, 30.0);
    const std::string exponent =
        (ticks.exponent < 0 ? "\u2212" : "") + std::to_string(std::abs(ticks.exponent));
    x = draw_text(cr, exponent, x + 0.5, y - 3.0, Align::left, kRaisedStyle, 20.0) + 2.5;
  }
  draw_text(cr, ticks.offset, x, y, Align::left, kNoteStyle, kPageWidth - 4.0 - x);
}

void draw_colour_bar(cairo_t* cr, const Box& plot, const std::optional<Scale>& scale,
                     const std::string& unit, double pixels_per_point) {
  const Box bar{kBarLeft, plot.y, kBarWidth, plot.height};
  const double note_y = plot.y - 6.0;
  const bool sloping = scale && !scale->constant();
  Array2d<double> ramp(sloping ? 256 : 1, 1, scale ? scale->low : 0.0);
  for (std::size_t row = 0; row < ramp.rows && sloping; ++row) {
    ramp(row, 0) = std::lerp(scale->low, scale->high, static_cast<double>(row) / 255.0);
  }
  draw_cells(cr, ramp, scale, bar, pixels_per_point);
  draw_frame(cr, bar);
  draw_upward_text(cr, unit, kPageWidth - 11.0, bar.y + bar.height / 2.0, kAxisStyle, bar.height);
  const std::string_view note = !scale ? "no values" : scale->constant() ? "constant" : "";
  draw_text(cr, note, bar.x, note_y, Align::left, kNoteStyle, 70.0);
  if (!scale) return;
  const auto ticks = render::value_ticks(*scale, bar.height / 20.0);
  for (const Tick& tick : ticks.ticks) {
    const double y = bar.bottom() - scale->fraction(tick.position) * bar.height;
    draw_side_tick(cr, tick, bar.right() + kHairline, y, Align::left);
  }
  draw_multiplier(cr, ticks, note_y);
}

void draw_panel(cairo_t* cr, const FigurePanel& panel, const Figure& figure, const Box& box,
                bool last, double pixels_per_point) {
  // Note [The scale is that of what is drawn]
  // In a long recording many frames share a pixel and are averaged. The colours then span the
  // averages, so that the picture keeps its contrast and the colour bar says what is seen.
  const Array2d<double> cells =
      render::averaged_down(panel.values, static_cast<std::size_t>(box.height * pixels_per_point),
                            static_cast<std::size_t>(box.width * pixels_per_point));
  const std::optional<Scale> scale = render::scale_of(cells);
  draw_text(cr, panel.title, box.x, box.y - 6.0, Align::left, kPanelTitleStyle, box.width);
  draw_cells(cr, cells, scale, box, pixels_per_point);
  draw_frame(cr, box);
  draw_frequency_axis(cr, box, figure.frequency_hz);
  draw_time_axis(cr, box, figure.time_s, last);
  draw_colour_bar(cr, box, scale, panel.unit, pixels_per_point);
}

void draw_page(cairo_t* cr, const Figure& figure, const Layout& layout, double pixels_per_point) {
  // Without hinting, text has the same widths at every resolution.
  const FontOptions font(cairo_font_options_create());
  cairo_font_options_set_antialias(font.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(font.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(font.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, font.get());
  cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
  cairo_paint(cr);

  constexpr double kTextWidth = kPageWidth - kPlotLeft - kMargin;
  double y = kMargin;
  if (!figure.title.empty()) {
    draw_text(cr, figure.title, kPlotLeft, y + 11.0, Align::left, kTitleStyle, kTextWidth);
    y += 16.0;
  }
  draw_text(cr, figure.subtitle, kPlotLeft, y + 9.0, Align::left, kSubtitleStyle, kTextWidth);

  const std::size_t panels = figure.panels.size();
  for (std::size_t i = 0; i < panels; ++i) {
    draw_panel(cr, figure.panels[i], figure, layout.plot(i), i + 1 == panels, pixels_per_point);
  }
  const Box last = layout.plot(panels - 1);
  const double label_y = last.bottom() + 28.0;
  draw_text(cr, "time (s)", last.x + last.width / 2.0, label_y, Align::centre, kAxisStyle, 100.0);
  const double frames_per_pixel =
      static_cast<double>(figure.time_s.size()) / (last.width * pixels_per_point);
  if (frames_per_pixel > 1.0) {
    draw_text(cr, fmt::format("each pixel: mean of {:.3g} frames", frames_per_pixel), last.right(),
              label_y, Align::right, kNoteStyle, 200.0);
  }
}

cairo_status_t write_bytes(void* file, const unsigned char* data, unsigned int length) {
  const bool complete = std::fwrite(data, 1, length, static_cast<std::FILE*>(file)) == length;
  return complete ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

cairo_status_t write_png(std::FILE* file, const Figure& figure, const Layout& layout) {
  constexpr double kScale = kPixelsPerPointPng;
  const Surface page(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(kPageWidth * kScale)),
      static_cast<int>(std::lround(layout.page_height * kScale))));
  const Context cr(cairo_create(page.get()));
  cairo_scale(cr.get(), kScale, kScale);
  draw_page(cr.get(), figure, layout, kScale);
  const cairo_status_t status = cairo_status(cr.get());
  if (status != CAIRO_STATUS_SUCCESS) return status;
  return cairo_surface_write_to_png_stream(page.get(), &write_bytes, file);
}

template <auto create_surface>
cairo_status_t write_vector(std::FILE* file, const Figure& figure, const Layout& layout) {
  const Surface page(create_surface(&write_bytes, file, kPageWidth, layout.page_height));
  if (cairo_surface_get_type(page.get()) == CAIRO_SURFACE_TYPE_PDF) {
    // Cairo would write the time of day, and the same figure would differ from run to run.
    cairo_pdf_surface_set_metadata(page.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
  }
  const Context cr(cairo_create(page.get()));
  draw_page(cr.get(), figure, layout, kPixelsPerPointVector);
  const cairo_status_t status = cairo_status(cr.get());
  cairo_surface_finish(page.get());
  return status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(page.get());
}

}  // namespace

void draw_figure(const std::filesystem::path& path, const Figure& figure) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto write = ending == ".png"   ? &write_png
                     : ending == ".svg" ? &write_vector<cairo_svg_surface_create_for_stream>
                     : ending == ".pdf" ? &write_vector<cairo_pdf_surface_create_for_stream>
                                        : nullptr;
  if (write == nullptr) {
    throw ConfigError(fmt::format("{}: figures are written as .png, .svg or .pdf, not {}",
                                  path.string(), ending.empty() ? "without an ending" : ending));
  }
  render::require_drawable(figure);
  const auto failure = [&](const char* why) {
    return IoError(fmt::format("{}: the figure cannot be written: {}", path.string(), why));
  };
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) throw failure(std::strerror(errno));
  const cairo_status_t status = write(file.get(), figure, Layout(figure));
  if (status != CAIRO_STATUS_SUCCESS) throw failure(cairo_status_to_string(status));
  if (std::fclose(file.release()) != 0) throw failure(std::strerror(errno));
}

}  // namespace relax_spectro
