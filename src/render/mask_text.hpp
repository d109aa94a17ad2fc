#pragma once

#include <string>

#include "relax_spectro/masks/mask_family.hpp"

namespace relax_spectro::render {

/// Rows by columns: "7x7".
[[nodiscard]] std::string shape_text(Shape2d shape);

/// Which masks, for the line below a title: "640 random masks 7x7 (code), keep 0.5, seed 0".
/// @param count  how many there are.
/// @param grid   the cells that they have.
[[nodiscard]] std::string mask_text(const std::string& count, const MaskOptions& masks,
                                    Shape2d grid, CellEdges edges);

}  // namespace relax_spectro::render
