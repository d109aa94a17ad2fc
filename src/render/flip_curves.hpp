#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "axis.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/render/figure.hpp"

// What figures and pages show of the curves of a flipping.

namespace relax_spectro::render {

/// How a curve is drawn and named. Colours are told apart by lightness too, and dashes without any.
struct CurveStyle {
  std::string_view name;
  std::string_view label;
  Colour colour;
  double dash = 0.0;  ///< 0: a whole line
};

/// @param name  of a curve, as FlipCurve has it.
[[nodiscard]] const CurveStyle& style_of(std::string_view name);

/// The least, the mean and the greatest score of each step, over the orders of a curve.
struct CurveBand {
  std::vector<double> low;
  std::vector<double> mean;
  std::vector<double> high;

  /// @param scores  [order, step]
  explicit CurveBand(const Array2d<double>& scores);
};

/// The scale that all curves have room on.
[[nodiscard]] Scale scale_over(std::span<const Array2d<double>* const> curves);

}  // namespace relax_spectro::render
