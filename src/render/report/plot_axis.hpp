#pragma once

#include <span>
#include <string>

#include "axis.hpp"

// Axes beside a plot of the page, as SVG. Positions are percentages of the plot, so that text keeps
// its size at any page width. Screen readers skip them, because the plot has a text description.

namespace relax_spectro::render {

/// The frequency axis, on the left. @param centres_hz  of the bands, ascending; the rows of the
/// picture.
[[nodiscard]] std::string frequency_axis(std::span<const double> centres_hz);

/// The time axis, below. @param centres_s  of the frames.
[[nodiscard]] std::string time_axis(std::span<const double> centres_s);

/// Its unit: "s", or "min:s" for long recordings.
[[nodiscard]] std::string time_unit(std::span<const double> centres_s);

/// The value axis, on the left.
[[nodiscard]] std::string value_axis(const Scale& scale);

/// An axis from 0 to 1, below.
[[nodiscard]] std::string fraction_axis();

}  // namespace relax_spectro::render
