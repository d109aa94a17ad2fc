#pragma once

#include <string>

#include "relax_spectro/mask_family.hpp"

namespace relax_spectro::render {

/// Which masks, for the line below a title: "640 random masks 7x7 (code), keep 0.5, seed 0".
/// @param count  how many there are.
[[nodiscard]] std::string mask_text(const std::string& count, const MaskOptions& masks);

}  // namespace relax_spectro::render
