#pragma once

#include <string>

#include "check/map_comparison.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The figure of a map that changed: before, now, and the difference in standard errors, or, where
/// there are none, in units of the score. The cell that differs most is outlined. What is said
/// above begins with the class that the model hears, where that changed.
/// @pre  `comparison` is of these results' maps, which are read.
[[nodiscard]] Figure comparison_figure(const Result& baseline, const Result& current,
                                       const MapComparison& comparison, const std::string& title);

}  // namespace relax_spectro
