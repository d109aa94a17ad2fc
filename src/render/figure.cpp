#include "relax_spectro/render/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "axis.hpp"
#include "canvas.hpp"
#include "figure_on_page.hpp"
#include "page_file.hpp"
#include "panel.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr double kLongestRowSeconds = 60.0;
constexpr std::size_t kMostRows = 12;

/// A panel in a row of the page.
struct Place {
  std::size_t panel = 0;
  std::size_t row = 0;
  Box box;
  bool has_axis = false;  ///< labels below it
};

/// The frames of rows of equal length.
struct PageRows {
  std::size_t frames = 0;
  std::size_t count = 1;

  explicit PageRows(const std::vector<double>& time_s) : frames(time_s.size()) {
    const double rows = std::ceil((time_s.back() - time_s.front()) / kLongestRowSeconds);
    count = std::clamp<std::size_t>(static_cast<std::size_t>(rows), 1, kMostRows);
    count = std::min(count, frames);
  }
  [[nodiscard]] std::size_t begin(std::size_t row) const { return row * frames / count; }
  [[nodiscard]] std::size_t size(std::size_t row) const { return begin(row + 1) - begin(row); }
};

double plot_height_of(std::size_t panels, std::size_t rows) {
  constexpr std::array<double, 3> kHeights = {250.0, 190.0, 150.0};
  if (rows > 1) return 60.0;
  return panels <= kHeights.size() ? kHeights[panels - 1] : 120.0;
}

struct Layout {
  PageRows rows;
  std::vector<Place> places;
  std::vector<std::string> notes;  ///< wrapped
  double notes_y = 0.0;
  double page_height = 0.0;

  explicit Layout(const Figure& figure) : rows(figure.time_s), notes(wrapped(figure.notes)) {
    notes_y = header_height(figure.title, figure.subtitle);
    for (std::size_t row = 0; row < rows.count; ++row) add_row(figure, row);
    page_height = notes_y + (notes.empty() ? 0.0 : kMargin / 2.0) +
                  kTextLine * static_cast<double>(notes.size());
  }

 private:
  void add_row(const Figure& figure, std::size_t row) {
    constexpr double kGap = 5.0;
    const auto is_over_time = [&](std::size_t panel) {
      return panel < figure.panels.size() &&
             figure.panels[panel].kind != PanelKind::frequency_curve;
    };
    const double height = plot_height_of(figure.panels.size(), rows.count);
    for (std::size_t panel = 0; panel < figure.panels.size(); ++panel) {
      if (row > 0 && !is_over_time(panel)) continue;
      notes_y += row == 0 ? kPanelTitleHeight : kGap;
      const bool has_axis = !is_over_time(panel) || !is_over_time(panel + 1);
      places.push_back({panel, row, {kPlotLeft, notes_y, kPlotWidth, height}, has_axis});
      notes_y += height;
      if (has_axis) notes_y += row + 1 == rows.count ? kTimeAxisHeight : kTimeAxisHeight - 14.0;
    }
  }
};

void draw_time_axis(cairo_t* cr, const PanelPart& part, const Place& place, double last_s,
                    bool is_last) {
  const Box& box = place.box;
  const double cell_width = box.width / static_cast<double>(part.time_s.size());
  for (const Tick& tick : time_ticks(part.time_s, 12.0, is_on_clock(last_s))) {
    const double x = box.x + tick.position * cell_width;
    draw_bottom_tick(cr, {tick.position, place.has_axis ? tick.label : ""}, x,
                     box.bottom() + kHairline);
  }
  if (!place.has_axis || !is_last) return;
  draw_text(cr, is_on_clock(last_s) ? "time (min:s)" : "time (s)", box.x + box.width / 2.0,
            box.bottom() + 28.0, Align::centre, kAxisStyle, 100.0);
}

/// Below a curve over frequency.
void draw_frequency_labels(cairo_t* cr, const PanelPart& part, const Box& box) {
  const double cell_width = box.width / static_cast<double>(part.frequency_hz.size());
  for (const Tick& tick : frequency_ticks(part.frequency_hz, 30.0 / cell_width)) {
    draw_bottom_tick(cr, tick, box.x + tick.position * cell_width, box.bottom() + kHairline);
  }
  draw_text(cr, "frequency (Hz)", box.x + box.width / 2.0, box.bottom() + 28.0, Align::centre,
            kAxisStyle, 100.0);
}

/// The scale of each panel, over all its rows and the panels that share it.
std::vector<std::optional<Scale>> scales_of(const Figure& figure, const Layout& layout,
                                            const std::vector<PanelPart>& parts) {
  // Note [The scale is that of what is drawn]
  // In a long recording, many frames share a pixel and are averaged. The colour scale spans the
  // averages, so that the picture keeps its contrast and matches its colour bar.
  std::vector<std::optional<Scale>> scales(figure.panels.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::optional<Scale>& scale = scales[layout.places[i].panel];
    scale = spanning(scale, parts[i].scale());
  }
  const auto key = [&figure](std::size_t panel) {
    return std::pair(figure.panels[panel].scale_name, figure.panels[panel].kind);
  };
  std::map<std::pair<std::string, PanelKind>, std::optional<Scale>> shared;
  for (std::size_t panel = 0; panel < scales.size(); ++panel) {
    std::optional<Scale>& scale = shared[key(panel)];
    scale = spanning(scale, scales[panel]);
  }
  for (std::size_t panel = 0; panel < scales.size(); ++panel) {
    if (!figure.panels[panel].scale_name.empty()) scales[panel] = shared[key(panel)];
  }
  return scales;
}

void draw_page(cairo_t* cr, const Figure& figure, const Layout& layout, double pixels_per_point) {
  draw_header(cr, figure.title, figure.subtitle);
  std::vector<PanelPart> parts;
  for (const auto& [panel, row, box, has_axis] : layout.places) {
    parts.emplace_back(figure.panels[panel], figure, layout.rows.begin(row), layout.rows.size(row),
                       box, pixels_per_point);
  }
  const std::vector<std::optional<Scale>> scales = scales_of(figure, layout, parts);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Place& place = layout.places[i];
    const Box& box = place.box;
    if (place.row == 0) draw_panel_title(cr, parts[i].panel.title, box);
    draw_panel(cr, parts[i], scales[place.panel], box, pixels_per_point);
    if (parts[i].panel.kind == PanelKind::frequency_curve) {
      draw_frequency_labels(cr, parts[i], box);
    } else {
      draw_time_axis(cr, parts[i], place, figure.time_s.back(), place.row + 1 == layout.rows.count);
    }
  }
  const double frames_per_pixel =
      static_cast<double>(layout.rows.size(0)) / (kPlotWidth * pixels_per_point);
  if (frames_per_pixel > 1.0) {
    const Box& last = layout.places.back().box;
    draw_text(cr, fmt::format("each pixel: mean of {:.3g} frames", frames_per_pixel), last.right(),
              last.bottom() + 28.0, Align::right, kNoteStyle, 200.0);
  }
  draw_lines(cr, layout.notes, layout.notes_y);
}

}  // namespace

double render::figure_height(const Figure& figure) {
  require_drawable(figure);
  return Layout(figure).page_height;
}

void render::draw_on_page(cairo_t* cr, const Figure& figure, double pixels_per_point) {
  draw_page(cr, figure, Layout(figure), pixels_per_point);
}

void draw_figure(const std::filesystem::path& path, const Figure& figure) {
  write_page(path, figure_height(figure), [&](cairo_t* cr, double pixels_per_point) {
    draw_on_page(cr, figure, pixels_per_point);
  });
}

Figure zoomed(Figure figure, std::optional<double> begin_s, std::optional<double> end_s) {
  const auto& time_s = figure.time_s;
  const auto first = begin_s ? std::ranges::lower_bound(time_s, *begin_s) : time_s.begin();
  const auto last = end_s ? std::ranges::upper_bound(time_s, *end_s) : time_s.end();
  if (first >= last) {
    throw ConfigError(fmt::format(
        "the part from {} s to {} s has no frame; the map goes from {:.6g} s to {:.6g} s",
        begin_s.value_or(time_s.front()), end_s.value_or(time_s.back()), time_s.front(),
        time_s.back()));
  }
  const auto begin = static_cast<std::size_t>(first - time_s.begin());
  const auto count = static_cast<std::size_t>(last - first);
  for (FigurePanel& panel : figure.panels) {
    panel.values = columns_of(panel.values, begin, count);
    if (!panel.standard_error.values.empty()) {
      panel.standard_error = columns_of(panel.standard_error, begin, count);
    }
  }
  figure.time_s = std::vector<double>(first, last);
  return figure;
}

}  // namespace relax_spectro
