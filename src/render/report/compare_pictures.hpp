#pragma once

#include <string>

#include "compare/comparison.hpp"

namespace relax_spectro::render {

/// The difference of each band over Hertz, with its interval, as SVG.
[[nodiscard]] std::string profile_svg(const ModelComparison& comparison);

/// The end of the axis that all bars of a comparison share.
[[nodiscard]] double bars_end(const ModelComparison& comparison);

/// A bar for each model with its interval, as SVG.
/// @param end  of the axis, from -end.
[[nodiscard]] std::string bars_svg(const ModelComparison& comparison,
                                   const TestedDifference& tested, double end);

/// A region in grey with what is around it, and the contours of both maps, as a figure.
/// @throws IoError  as read_paired_maps
[[nodiscard]] std::string cut_out_html(const ModelComparison& comparison,
                                       const DifferenceRegion& region);

}  // namespace relax_spectro::render
