#include "panel_marks.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace relax_spectro::render {
namespace {

/// An axis of a plot: where its values lie.
struct PlotAxis {
  std::span<const double> centres;
  double begin = 0.0;  ///< where the first cell begins, in points
  double cell = 0.0;   ///< the size of a cell, in points; below 0 upwards

  [[nodiscard]] double at(double value) const {
    return begin + cell * cell_position(centres, value);
  }
  /// Whether a value lies strictly inside of the plot.
  [[nodiscard]] bool holds(double value) const {
    const double position = cell_position(centres, value);
    return position > 0.0 && position < static_cast<double>(centres.size());
  }
};

PlotAxis across(const PanelPart& part, const Box& box) {
  const bool is_frequency = part.panel.kind == PanelKind::frequency_curve;
  const std::span<const double> centres = is_frequency ? part.frequency_hz : part.time_s;
  return {centres, box.x, box.width / static_cast<double>(centres.size())};
}

PlotAxis upwards(const PanelPart& part, const Box& box) {
  return {part.frequency_hz, box.bottom(),
          -box.height / static_cast<double>(part.frequency_hz.size())};
}

/// Draws a white line with a dark border, visible on every colour, just outside a part of the plot.
/// If that part is too small for the line, the outline is larger.
void draw_outline(cairo_t* cr, const PlotAxis& time, const PlotAxis& frequency,
                  const TimeFrequencyBox& part) {
  constexpr double kLeastSide = 4.0;
  const double left = time.at(part.begin_s);
  const double right = time.at(part.end_s);
  const double top = frequency.at(part.high_hz);
  const double bottom = frequency.at(part.low_hz);
  const double width = std::max(right - left, kLeastSide);
  const double height = std::max(bottom - top, kLeastSide);
  for (const auto& [grey, line_width] : {std::pair{0.0, 2.5}, std::pair{1.0, 1.0}}) {
    cairo_set_source_rgb(cr, grey, grey, grey);
    cairo_set_line_width(cr, line_width);
    cairo_rectangle(cr, (left + right - width) / 2.0, (top + bottom - height) / 2.0, width, height);
    cairo_stroke(cr);
  }
}

/// The places on an axis of marks that lie inside of it. None if they are too close on average.
/// @param values  ascending.
std::vector<double> places_of(const std::vector<double>& values, const PlotAxis& axis,
                              double least_gap) {
  std::vector<double> places;
  for (const double value : values) {
    if (axis.holds(value)) places.push_back(axis.at(value));
  }
  if (places.size() < 2) return places;
  const double gap =
      std::abs(places.back() - places.front()) / static_cast<double>(places.size() - 1);
  return gap < least_gap ? std::vector<double>() : places;
}

/// Draws the borders of cells as ticks inside the frame.
void draw_cell_edges(cairo_t* cr, const PanelPart& part, const Box& box) {
  constexpr double kTick = 4.0;
  constexpr double kLeastGap = 5.0;
  const bool is_frequency = part.panel.kind == PanelKind::frequency_curve;
  const PanelMarks& marks = part.panel.marks;
  const PlotAxis x_axis = across(part, box);
  for (const double x :
       places_of(is_frequency ? marks.cell_edges_hz : marks.cell_edges_s, x_axis, kLeastGap)) {
    draw_line(cr, x, box.y, x, box.y + kTick);
    draw_line(cr, x, box.bottom() - kTick, x, box.bottom());
  }
  if (part.panel.kind != PanelKind::picture) return;
  for (const double y : places_of(marks.cell_edges_hz, upwards(part, box), kLeastGap)) {
    draw_line(cr, box.x, y, box.x + kTick, y);
    draw_line(cr, box.right() - kTick, y, box.right(), y);
  }
}

void draw_adaptive_cells(cairo_t* cr, const PanelPart& part, const Box& box) {
  const PlotAxis time = across(part, box);
  const PlotAxis frequency = upwards(part, box);
  const double grey = part.panel.is_signed ? 0.0 : 1.0;  // most of an unsigned picture is dark
  cairo_set_source_rgba(cr, grey, grey, grey, 0.35);
  cairo_set_line_width(cr, kHairline);
  for (const TimeFrequencyBox& cell : part.panel.marks.cells) {
    const double left = time.at(cell.begin_s);
    const double top = frequency.at(cell.high_hz);
    cairo_rectangle(cr, left, top, time.at(cell.end_s) - left, frequency.at(cell.low_hz) - top);
    cairo_stroke(cr);
  }
}

/// Draws arcs in the colours of signed values, with a white border.
void draw_arcs(cairo_t* cr, const PanelPart& part, const Box& box) {
  constexpr double kBulge = 0.2;  // of an arc's length
  const PlotAxis time = across(part, box);
  const PlotAxis frequency = upwards(part, box);
  const auto middle = [&](const TimeFrequencyBox& one) {
    return std::pair{(time.at(one.begin_s) + time.at(one.end_s)) / 2.0,
                     (frequency.at(one.low_hz) + frequency.at(one.high_hz)) / 2.0};
  };
  const std::vector<PairArc>& arcs = part.panel.marks.arcs;
  double largest = 0.0;
  for (const PairArc& arc : arcs) largest = std::max(largest, std::abs(arc.value));
  for (std::size_t i = arcs.size(); i-- > 0;) {
    const PairArc& arc = arcs[i];
    const auto [x1, y1] = middle(arc.first);
    const auto [x2, y2] = middle(arc.second);
    const double side = x2 > x1 ? 1.0 : -1.0;  // so that arcs bulge upwards
    const double x = (x1 + x2) / 2.0 + side * kBulge * (y2 - y1);
    const double y = (y1 + y2) / 2.0 - side * kBulge * (x2 - x1);
    const double width = 1.0 + 2.0 * std::abs(arc.value) / largest;
    const Colour colour = signed_colour_of(arc.value > 0.0 ? 0.8 : -0.8);
    for (const auto& [red, green, blue, border] :
         {std::tuple{1.0, 1.0, 1.0, 1.6}, std::tuple{colour.red, colour.green, colour.blue, 0.0}}) {
      cairo_set_source_rgb(cr, red, green, blue);
      cairo_set_line_width(cr, width + border);
      cairo_new_path(cr);
      cairo_move_to(cr, x1, y1);
      cairo_curve_to(cr, x, y, x, y, x2, y2);
      cairo_stroke(cr);
      for (const auto& [end_x, end_y] : {std::pair{x1, y1}, std::pair{x2, y2}}) {
        cairo_arc(cr, end_x, end_y, 1.5 + (width + border) / 2.0, 0.0, 2.0 * std::numbers::pi);
        cairo_fill(cr);
      }
    }
  }
}

/// Draws where windows begin: as lines, or as long ticks if lines would hide the map.
void draw_seams(cairo_t* cr, const PanelPart& part, const Box& box) {
  constexpr double kTick = 8.0;
  constexpr double kLeastGap = 20.0;
  const PlotAxis axis = across(part, box);
  const bool has_room = !places_of(part.panel.marks.seams_s, axis, kLeastGap).empty();
  for (const double x : places_of(part.panel.marks.seams_s, axis, 0.0)) {
    draw_line(cr, x, box.y, x, has_room ? box.bottom() : box.y + kTick);
  }
}

void draw_veil_labels(cairo_t* cr, const PanelPart& part, const Box& box) {
  constexpr double kLeastWidth = 60.0;   // of a label along time
  constexpr double kLeastHeight = 10.0;  // of one that runs upwards
  constexpr TextStyle kStyle{.size = 8.5, .grey = 0.15, .least_size = 5.5};
  const PlotAxis axis = across(part, box);
  const bool is_frequency = part.panel.kind == PanelKind::frequency_curve;
  for (const Veil& one : part.panel.marks.veils) {
    const double begin = is_frequency ? box.x : axis.at(one.begin_s);
    const double end = is_frequency ? box.right() : axis.at(one.end_s);
    if (end - begin < kLeastHeight) continue;
    if (end - begin < kLeastWidth) {
      draw_upward_text(cr, one.label, (begin + end) / 2.0 + 3.0, box.y + box.height / 2.0, kStyle,
                       box.height - 4.0);
      continue;
    }
    draw_text(cr, one.label, (begin + end) / 2.0, box.y + box.height / 2.0 + 3.0, Align::centre,
              kStyle, end - begin - 4.0);
  }
}

}  // namespace

void draw_marks(cairo_t* cr, const PanelPart& part, const Box& box) {
  cairo_save(cr);
  cairo_rectangle(cr, box.x, box.y, box.width, box.height);
  cairo_clip(cr);
  if (part.panel.kind == PanelKind::picture) {
    draw_adaptive_cells(cr, part, box);
    if (part.panel.outline) {
      draw_outline(cr, across(part, box), upwards(part, box), *part.panel.outline);
    }
  }
  draw_arcs(cr, part, box);
  draw_seams(cr, part, box);
  draw_cell_edges(cr, part, box);
  cairo_restore(cr);
  draw_veil_labels(cr, part, box);
}

}  // namespace relax_spectro::render
