#pragma once

#include <cairo.h>

#include "canvas.hpp"
#include "panel.hpp"

namespace relax_spectro::render {

/// Draws the marks of a panel over its picture or curve: PanelMarks and the outline.
void draw_marks(cairo_t* cr, const PanelPart& part, const Box& box);

}  // namespace relax_spectro::render
