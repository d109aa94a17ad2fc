#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "axis.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/render/figure.hpp"

// The style and range of flipping curves, for figures and pages.

namespace relax_spectro::render {

/// The style of a curve. Colours also differ in lightness, and dashes distinguish lines in black
/// and white.
struct CurveStyle {
  std::string_view name;
  std::string_view label;
  Colour colour;
  double dash = 0.0;  ///< 0: a solid line
};

/// @param name  of a curve: see FlipCurve.
[[nodiscard]] const CurveStyle& style_of(std::string_view name);

/// The minimum, mean and maximum score at each step, over the orders of a curve.
struct CurveBand {
  std::vector<double> low;
  std::vector<double> mean;
  std::vector<double> high;

  /// @param scores  [order, step]
  explicit CurveBand(const Array2d<double>& scores);
};

/// A scale that contains all curves.
[[nodiscard]] Scale scale_over(std::span<const Array2d<double>* const> curves);

}  // namespace relax_spectro::render
