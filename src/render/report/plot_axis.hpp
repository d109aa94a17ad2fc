#pragma once

#include <span>
#include <string>

#include "axis.hpp"

// Axes beside a plot of a page, as SVG. Places are shares of the plot's size, so that the text
// keeps its size whatever the width of the page. Screen readers pass over them: what a plot shows
// is said in words.

namespace relax_spectro::render {

/// Frequencies, at the left. @param centres_hz  of the bands, rising; the same rows as the picture.
[[nodiscard]] std::string frequency_axis(std::span<const double> centres_hz);

/// Seconds, below. @param centres_s  of the frames.
[[nodiscard]] std::string time_axis(std::span<const double> centres_s);

/// Values, at the left.
[[nodiscard]] std::string value_axis(const Scale& scale);

/// 0 to 1, below.
[[nodiscard]] std::string fraction_axis();

}  // namespace relax_spectro::render
