#pragma once

#include <string>

#include "check/map_comparison.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The figure of a changed map: baseline, current, and their difference in standard errors. Without
/// standard errors, the difference is in units of the score. The cell with the largest difference
/// is outlined. The line above begins with the model's class if it changed.
/// @pre  `comparison` belongs to the maps of these results, whose arrays are loaded.
[[nodiscard]] Figure comparison_figure(const Result& baseline, const Result& current,
                                       const MapComparison& comparison, const std::string& title);

}  // namespace relax_spectro
