#pragma once

#include <cairo.h>

#include <string>
#include <vector>

#include "axis.hpp"
#include "canvas.hpp"

// Plots of numbers in a box.

namespace relax_spectro::render {

/// A box with a scale along each side.
struct Axes {
  Box box;
  Scale horizontal;
  Scale vertical;

  [[nodiscard]] double x(double value) const {
    return box.x + box.width * horizontal.fraction(value);
  }
  [[nodiscard]] double y(double value) const {
    return box.bottom() - box.height * vertical.fraction(value);
  }
};

/// A scale with a margin on either side.
[[nodiscard]] Scale widened(double low, double high);

/// What is drawn next is brown (1) or blue (-1), and opaque (1) or not.
void use_colour(cairo_t* cr, double sign, double alpha = 1.0);

void draw_dashed(cairo_t* cr, double x1, double y1, double x2, double y2);

/// Draws the frame, and marks of the vertical scale to its left.
void draw_vertical_axis(cairo_t* cr, const Axes& axes, const std::string& what);

/// @param ticks  with positions on the scale.
void draw_horizontal_axis(cairo_t* cr, const Axes& axes, const std::vector<Tick>& ticks,
                          const std::string& what);

}  // namespace relax_spectro::render
