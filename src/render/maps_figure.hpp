#pragma once

#include <span>
#include <string>

#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {

/// A map, and what is said above it.
struct TitledMap {
  std::string title;
  Array2d<double> values;  ///< [frequency, time]; NaN where the map has no value
  Spectrogram axes;        ///< what it lies over
};

/// The figure of maps of one recording, one above the other, below the spectrogram of the first.
/// The maps may be of models with other frames and bands: the time axis is that of the finest
/// frames, extended to where any map reaches, with each map's nearest frame at every time, and grey
/// where a map does not reach; each panel has its own frequency axis.
/// @param unit  what the maps count.
/// @throws ConfigError  there is no map, or one has no frames.
[[nodiscard]] Figure maps_figure(std::span<const TitledMap> maps, const std::string& title,
                                 const std::string& subtitle, const std::string& unit);

}  // namespace relax_spectro
