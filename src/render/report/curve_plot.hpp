#pragma once

#include <string>

#include "relax_spectro/results/flip_file.hpp"

namespace relax_spectro::render {

/// The curves of a flipping with the areas under them, as a figure of a page.
[[nodiscard]] std::string curves_html(const StoredFlipping& flipping, const std::string& name);

}  // namespace relax_spectro::render
