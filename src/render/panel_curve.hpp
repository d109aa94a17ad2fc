#pragma once

#include <cairo.h>

#include "canvas.hpp"
#include "panel.hpp"

namespace relax_spectro::render {

/// Draws the curve of a panel with two standard errors to both sides, and its axis of values.
void draw_curve(cairo_t* cr, const PanelPart& part, const Scale& scale, const Box& box);

}  // namespace relax_spectro::render
