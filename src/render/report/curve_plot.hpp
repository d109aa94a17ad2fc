#pragma once

#include <string>

#include "results/flip_result.hpp"

namespace relax_spectro::render {

/// The curves of a flipping with their areas, as a figure of the page. The curves must be loaded.
[[nodiscard]] std::string curves_html(const FlipResult& result, const std::string& name);

}  // namespace relax_spectro::render
