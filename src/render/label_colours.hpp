#pragma once

#include <array>
#include <cstddef>

#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {

/// The colour of a label by its place in Space::label_order, so that similar labels differ: Okabe and
/// Ito's colours without yellow and black, which colour-blind people can tell apart.
[[nodiscard]] inline const Colour& label_colour(std::size_t place) {
  static constexpr std::array<Colour, 6> kColours{{{0.0, 0.447, 0.698},
                                                   {0.835, 0.369, 0.0},
                                                   {0.0, 0.62, 0.451},
                                                   {0.8, 0.475, 0.655},
                                                   {0.902, 0.624, 0.0},
                                                   {0.337, 0.706, 0.914}}};
  return kColours.at(place % kColours.size());
}

}  // namespace relax_spectro::render
