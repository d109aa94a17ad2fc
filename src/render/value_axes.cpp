#include "value_axes.hpp"

#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {

Scale widened(double low, double high) {
  const double margin = high > low ? 0.06 * (high - low) : 0.01;
  return {low - margin, high + margin};
}

void use_colour(cairo_t* cr, double sign, double alpha) {
  const Colour colour = signed_colour_of(sign);
  cairo_set_source_rgba(cr, colour.red, colour.green, colour.blue, alpha);
  cairo_set_line_width(cr, 1.5);
}

void draw_dashed(cairo_t* cr, double x1, double y1, double x2, double y2) {
  constexpr double kDash = 3.0;
  cairo_set_dash(cr, &kDash, 1, 0.0);
  draw_line(cr, x1, y1, x2, y2);
  cairo_set_dash(cr, nullptr, 0, 0.0);
}

void draw_vertical_axis(cairo_t* cr, const Axes& axes, const std::string& what) {
  draw_frame(cr, axes.box);
  const ValueTicks ticks = value_ticks(axes.vertical, 6.0);
  for (const Tick& tick : ticks.ticks) {
    draw_side_tick(cr, tick, axes.box.x - kHairline, axes.y(tick.position), Align::right);
  }
  draw_upward_text(cr, what + ticks.offset, axes.box.x - 40.0, axes.box.y + axes.box.height / 2.0,
                   kAxisStyle, axes.box.height);
}

void draw_horizontal_axis(cairo_t* cr, const Axes& axes, const std::vector<Tick>& ticks,
                          const std::string& what) {
  for (const Tick& tick : ticks) {
    draw_bottom_tick(cr, tick, axes.x(tick.position), axes.box.bottom() + kHairline);
  }
  draw_text(cr, what, axes.box.x + axes.box.width / 2.0, axes.box.bottom() + 28.0, Align::centre,
            kAxisStyle, axes.box.width);
}

}  // namespace relax_spectro::render
