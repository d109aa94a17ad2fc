#include "relax_spectro/render/figure.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "axis.hpp"
#include "canvas.hpp"
#include "page_file.hpp"

namespace relax_spectro {
namespace {

using namespace render;

struct Layout {
  double header = 0.0;
  double plot_height = 0.0;
  double page_height = 0.0;

  explicit Layout(const Figure& figure) {
    constexpr std::array<double, 3> kHeights = {250.0, 190.0, 150.0};
    const std::size_t panels = figure.panels.size();
    plot_height = panels <= kHeights.size() ? kHeights[panels - 1] : 120.0;
    header = header_height(figure.title, figure.subtitle);
    page_height =
        header + static_cast<double>(panels) * (kPanelTitleHeight + plot_height) + kTimeAxisHeight;
  }
  [[nodiscard]] Box plot(std::size_t panel) const {
    const double y =
        header + kPanelTitleHeight + static_cast<double>(panel) * (kPanelTitleHeight + plot_height);
    return {kPlotLeft, y, kPlotWidth, plot_height};
  }
};

void draw_frequency_axis(cairo_t* cr, const Box& box, const std::vector<double>& frequency_hz) {
  const double cell_height = box.height / static_cast<double>(frequency_hz.size());
  for (const Tick& tick : frequency_ticks(frequency_hz, 11.0 / cell_height)) {
    const double y = box.bottom() - tick.position * cell_height;
    draw_side_tick(cr, tick, box.x - kHairline, y, Align::right);
  }
  draw_upward_text(cr, "frequency (Hz)", 18.0, box.y + box.height / 2.0, kAxisStyle, box.height);
}

void draw_time_axis(cairo_t* cr, const Box& box, const std::vector<double>& time_s, bool labels) {
  const double cell_width = box.width / static_cast<double>(time_s.size());
  for (const Tick& tick : time_ticks(time_s, 12.0)) {
    const double x = box.x + tick.position * cell_width;
    draw_bottom_tick(cr, {tick.position, labels ? tick.label : ""}, x, box.bottom() + kHairline);
  }
}

/// Draws a white line with a dark border, visible on every colour, just outside a part of the plot.
/// If that part is too small for the line, the outline is larger.
void draw_outline(cairo_t* cr, const Box& plot, const std::vector<double>& time_s,
                  const std::vector<double>& frequency_hz, const TimeFrequencyBox& part) {
  constexpr double kLeastSide = 4.0;
  const double column = plot.width / static_cast<double>(time_s.size());
  const double row = plot.height / static_cast<double>(frequency_hz.size());
  const double left = plot.x + column * render::cell_position(time_s, part.begin_s);
  const double right = plot.x + column * render::cell_position(time_s, part.end_s);
  const double top = plot.bottom() - row * render::cell_position(frequency_hz, part.high_hz);
  const double bottom = plot.bottom() - row * render::cell_position(frequency_hz, part.low_hz);
  const double width = std::max(right - left, kLeastSide);
  const double height = std::max(bottom - top, kLeastSide);
  cairo_save(cr);
  cairo_rectangle(cr, plot.x, plot.y, plot.width, plot.height);
  cairo_clip(cr);
  for (const auto& [grey, line_width] : {std::pair{0.0, 2.5}, std::pair{1.0, 1.0}}) {
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_set_line_width(cr, line_width);
    cairo_rectangle(cr, (left + right - width) / 2.0, (top + bottom - height) / 2.0, width, height);
    cairo_stroke(cr);
  }
  cairo_restore(cr);
}

void draw_panel(cairo_t* cr, const FigurePanel& panel, const Figure& figure, const Box& box,
                bool last, double pixels_per_point) {
  // Note [The scale is that of what is drawn]
  // In a long recording, many frames share a pixel and are averaged. The colour scale spans the
  // averages, so that the picture keeps its contrast and matches its colour bar.
  const Array2d<double> cells =
      averaged_down(panel.values, static_cast<std::size_t>(box.height * pixels_per_point),
                    static_cast<std::size_t>(box.width * pixels_per_point));
  const std::optional<Scale> scale = scale_of(cells);
  draw_text(cr, panel.title, box.x, box.y - 6.0, Align::left, kPanelTitleStyle, box.width);
  draw_cells(cr, cells, scale, box, pixels_per_point);
  const std::vector<double>& frequency_hz = frequencies_of(panel, figure);
  if (panel.outline) draw_outline(cr, box, figure.time_s, frequency_hz, *panel.outline);
  draw_frame(cr, box);
  draw_frequency_axis(cr, box, frequency_hz);
  draw_time_axis(cr, box, figure.time_s, last);
  draw_colour_bar(cr, box, scale, panel.unit, pixels_per_point);
}

void draw_page(cairo_t* cr, const Figure& figure, const Layout& layout, double pixels_per_point) {
  draw_header(cr, figure.title, figure.subtitle);
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

}  // namespace

void draw_figure(const std::filesystem::path& path, const Figure& figure) {
  require_drawable(figure);
  const Layout layout(figure);
  write_page(path, layout.page_height, [&](cairo_t* cr, double pixels_per_point) {
    draw_page(cr, figure, layout, pixels_per_point);
  });
}

}  // namespace relax_spectro
