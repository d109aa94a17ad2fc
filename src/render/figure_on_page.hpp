#pragma once

#include <cairo.h>

#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {

/// The height of a figure, in points. @throws ConfigError  as draw_figure
[[nodiscard]] double figure_height(const Figure& figure);

/// Draws a figure at the top of a page.
void draw_on_page(cairo_t* cr, const Figure& figure, double pixels_per_point);

}  // namespace relax_spectro::render
