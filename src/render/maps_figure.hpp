#pragma once

#include <span>
#include <string>

#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {

/// A panel of a map, and its axes.
struct DrawnMap {
  FigurePanel panel;
  Spectrogram axes;
};

/// The figure of several maps of one recording, stacked below the spectrogram of the first. Maps
/// may come from models with different frames and bands. The time axis has the finest frames and
/// covers all maps. Each map shows its nearest frame at every time, and grey outside its range.
/// Each panel has its own frequency axis.
/// @throws ConfigError  there is no map, or one has no frames.
[[nodiscard]] Figure maps_figure(std::span<const DrawnMap> maps, const std::string& title,
                                 const std::string& subtitle);

}  // namespace relax_spectro
