#include "reach_curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numbers>
#include <utility>

namespace relax_spectro::render {
namespace {

constexpr double kReachHeight = 130.0;
constexpr double kReachWidth = 245.0;
constexpr std::size_t kMostCurves = 6;  // of labels
constexpr double kDodge = 2.5;          // between the points of neighbouring labels

}  // namespace

ReachCurves::ReachCurves(const std::vector<Reach>& reaches, std::vector<std::string> labels,
                         std::vector<Colour> colours, double unchanged, double top)
    : labels_(std::move(labels)), colours_(std::move(colours)), unchanged_(unchanged) {
  if (labels_.size() > kMostCurves) labels_.clear();
  for (const PerturbationKind kind : {PerturbationKind::mask, PerturbationKind::noise}) {
    Plot plot{kind, std::vector<Curve>(labels_.size() + 1), {}};
    for (std::size_t k = 0; k < labels_.size(); ++k) plot.curves[k + 1].label = k;
    for (const Reach& reach : reaches) {
      const Perturbation change = parse_perturbations(reach.perturbation).front();
      const auto label = std::ranges::find(labels_, reach.label);
      if (change.kind != kind || (label == labels_.end() && !reach.label.empty())) continue;
      const auto curve =
          reach.label.empty() ? 0 : static_cast<std::size_t>(label - labels_.begin()) + 1;
      plot.curves[curve].points.push_back({change.value, reach.kept, reach.kept_interval});
    }
    if (plot.curves.front().points.empty()) continue;
    for (Curve& curve : plot.curves) {
      std::ranges::stable_sort(curve.points, std::ranges::greater(), &Point::value);
    }
    const double left = kPlotLeft + static_cast<double>(plots_.size()) * (kPlotWidth - kReachWidth);
    plot.box = {left, top, kReachWidth, kReachHeight};
    plots_.push_back(std::move(plot));
  }
}

double ReachCurves::bottom() const {
  return plots_.front().box.bottom() + kTimeAxisHeight + (labels_.empty() ? 0.0 : kTextLine);
}

void ReachCurves::use_colour(cairo_t* cr, const Curve& curve, double opacity) const {
  const Colour colour = curve.label ? colours_[*curve.label] : Colour{0.1, 0.1, 0.1};
  cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, opacity);
}

void ReachCurves::draw_curve(cairo_t* cr, const Plot& plot, const Curve& curve) const {
  const double place = curve.label ? static_cast<double>(*curve.label + 1) : 0.0;
  const double dodge = kDodge * (place - static_cast<double>(labels_.size()) / 2.0);
  const std::size_t count = curve.points.size();
  const auto x = [&](std::size_t i) {
    return plot.box.x + dodge +
           plot.box.width * (static_cast<double>(i) + 0.5) / static_cast<double>(count);
  };
  const auto y = [&](double share) { return plot.box.bottom() - share * plot.box.height; };
  cairo_new_path(cr);
  for (std::size_t i = 0; i < count; ++i) cairo_line_to(cr, x(i), y(curve.points[i].interval.low));
  for (std::size_t i = count; i-- > 0;) cairo_line_to(cr, x(i), y(curve.points[i].interval.high));
  use_colour(cr, curve, 0.12);
  cairo_fill(cr);
  use_colour(cr, curve, 1.0);
  cairo_set_line_width(cr, curve.label ? 1.0 : 1.8);
  for (std::size_t i = 0; i < count; ++i) cairo_line_to(cr, x(i), y(curve.points[i].kept));
  cairo_stroke(cr);
  cairo_set_line_width(cr, 0.75);
  for (std::size_t i = 0; i < count; ++i) {
    draw_line(cr, x(i), y(curve.points[i].interval.low), x(i), y(curve.points[i].interval.high));
    use_colour(cr, curve, 1.0);
    cairo_arc(cr, x(i), y(curve.points[i].kept), 2.0, 0.0, 2.0 * std::numbers::pi);
    cairo_fill(cr);
  }
}

void ReachCurves::draw_plot(cairo_t* cr, const Plot& plot) const {
  const Box& box = plot.box;
  const bool is_mask = plot.kind == PerturbationKind::mask;
  draw_panel_title(cr, is_mask ? "Copies that keep their label: masks" : "The same: white noise",
                   box, box.width);
  draw_frame(cr, box);
  constexpr double kDash = 3.0;
  cairo_set_dash(cr, &kDash, 1, 0.0);
  draw_line(cr, box.x, box.bottom() - unchanged_ * box.height, box.right(),
            box.bottom() - unchanged_ * box.height);
  cairo_set_dash(cr, nullptr, 0, 0.0);
  for (const Curve& curve : plot.curves) draw_curve(cr, plot, curve);
  for (int fifth = 0; fifth <= 5; ++fifth) {
    draw_side_tick(cr, {0.0, fmt::format("{:.1f}", fifth / 5.0)}, box.x - kHairline,
                   box.bottom() - fifth / 5.0 * box.height, Align::right);
  }
  const std::vector<Point>& points = plot.curves.front().points;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double x =
        box.x + box.width * (static_cast<double>(i) + 0.5) / static_cast<double>(points.size());
    draw_bottom_tick(cr, {0.0, fmt::format("{:g}", points[i].value)}, x, box.bottom() + kHairline);
  }
  draw_text(cr, is_mask ? "share of the input that is kept" : "signal-to-noise ratio (dB)",
            box.x + box.width / 2.0, box.bottom() + 28.0, Align::centre, kAxisStyle, box.width);
}

/// The labels in their colours, below the plots.
void ReachCurves::draw_names(cairo_t* cr) const {
  const double width = kPlotWidth / static_cast<double>(labels_.size() + 1);
  const double y = bottom() - 4.0;
  for (std::size_t k = 0; k <= labels_.size(); ++k) {
    const Curve& curve = plots_.front().curves[k];
    const double x = kPlotLeft + static_cast<double>(k) * width;
    use_colour(cr, curve, 1.0);
    cairo_arc(cr, x + 3.0, y - 3.0, 3.0, 0.0, 2.0 * std::numbers::pi);
    cairo_fill(cr);
    draw_text(cr, curve.label ? labels_[*curve.label] : "all", x + 9.0, y, Align::left, kAxisStyle,
              width - 12.0);
  }
}

void ReachCurves::draw(cairo_t* cr) const {
  for (const Plot& plot : plots_) draw_plot(cr, plot);
  draw_upward_text(cr, "share of copies", 18.0, plots_.front().box.y + kReachHeight / 2.0,
                   kAxisStyle, kReachHeight);
  if (!labels_.empty()) draw_names(cr);
}

}  // namespace relax_spectro::render
