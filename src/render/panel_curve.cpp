#include "panel_curve.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace relax_spectro::render {
namespace {

/// A curve's values and standard errors, and where they are drawn.
struct Curve {
  const std::vector<double>& values;
  const std::vector<double>& errors;
  const Box& box;
  const Scale& scale;

  [[nodiscard]] double x(std::size_t i) const {
    return box.x + box.width * (static_cast<double>(i) + 0.5) / static_cast<double>(values.size());
  }
  [[nodiscard]] double y(double value) const {
    return box.bottom() - box.height * scale.fraction(value);
  }
};

void draw_band(cairo_t* cr, const Curve& curve) {
  cairo_set_source_rgba(cr, 0.05, 0.25, 0.55, 0.2);
  for (std::size_t i = 0; i + 1 < curve.errors.size(); ++i) {  // in pieces, because of gaps
    const auto edge = [&](std::size_t at, double sign) {
      cairo_line_to(cr, curve.x(at), curve.y(curve.values[at] + sign * 2.0 * curve.errors[at]));
    };
    if (!std::isfinite(curve.values[i] + curve.errors[i] + curve.values[i + 1] +
                       curve.errors[i + 1])) {
      continue;
    }
    cairo_new_path(cr);
    edge(i, 1.0);
    edge(i + 1, 1.0);
    edge(i + 1, -1.0);
    edge(i, -1.0);
    cairo_fill(cr);
  }
}

}  // namespace

void draw_curve(cairo_t* cr, const PanelPart& part, const Scale& scale, const Box& box) {
  const Curve curve{part.cells.values, part.errors.values, box, scale};
  if (scale.low < 0.0 && scale.high > 0.0) {
    draw_line(cr, box.x, curve.y(0.0), box.right(), curve.y(0.0));
  }
  draw_band(cr, curve);
  cairo_set_source_rgb(cr, 0.05, 0.25, 0.55);
  cairo_set_line_width(cr, 1.5);
  cairo_new_path(cr);
  for (std::size_t i = 0; i < curve.values.size(); ++i) {
    if (std::isfinite(curve.values[i])) {
      cairo_line_to(cr, curve.x(i), curve.y(curve.values[i]));
    } else {
      cairo_new_sub_path(cr);
    }
  }
  cairo_stroke(cr);
  const ValueTicks ticks = value_ticks(scale, box.height / 20.0);
  for (const Tick& tick : ticks.ticks) {
    draw_side_tick(cr, tick, box.x - kHairline, curve.y(tick.position), Align::right);
  }
  const std::string factor =
      ticks.exponent == 0 ? "" : fmt::format(" (\u00D7 1e{})", ticks.exponent);
  draw_upward_text(cr, part.panel.unit + factor + ticks.offset, 18.0, box.y + box.height / 2.0,
                   kAxisStyle, box.height);
}

}  // namespace relax_spectro::render
