#pragma once

#include <cstdint>
#include <string>

#include "evaluation/sanity.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {

/// The figure of a sanity check: the model's own map, then those with all weights shuffled, then
/// those with some. It shows at most sixteen maps.
/// @param shuffle_seed  of the first shuffle.
[[nodiscard]] Figure sanity_figure(const SanityCheck& check, std::uint64_t shuffle_seed,
                                   const std::string& title);

}  // namespace relax_spectro
