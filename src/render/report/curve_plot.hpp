#pragma once

#include <string>

#include "results/flip_result.hpp"

namespace relax_spectro::render {

/// The curves of a flipping, which are read, with the areas under them, as a figure of a page.
[[nodiscard]] std::string curves_html(const FlipResult& result, const std::string& name);

}  // namespace relax_spectro::render
