#pragma once

#include <cairo.h>

#include <cstddef>
#include <string>
#include <vector>

#include "canvas.hpp"
#include "probe/calibration.hpp"

namespace relax_spectro::render {

/// The height of the histogram below a reliability diagram, with the axes of both.
inline constexpr double kHistogramHeight = 90.0;

/// Draws a reliability diagram: the share of right decisions against their confidence, with 95 %
/// intervals. Below it is a histogram of the confidences.
/// @param groups  of all rows.
/// @param box     of the diagram, without the histogram.
void draw_reliability(cairo_t* cr, const Certainty& certainty,
                      const std::vector<std::size_t>& groups, const std::string& title,
                      const Box& box);

}  // namespace relax_spectro::render
