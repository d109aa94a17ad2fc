#pragma once

#include <array>
#include <optional>

#include "compare/paired_results.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The maps of two models over one recording, on the same axes.
struct PairedMaps {
  /// With the model's input. The axes are those of the model with fewer bands, or else with fewer
  /// frames.
  Spectrogram axes;
  Array2d<double> a;  ///< contrast, [frequency, time]; NaN where one of the maps has no value, and
                      ///< beyond the recording's end
  Array2d<double> b;
};

/// Reads the contrast of both results. The map of the other model is interpolated linearly.
/// @throws IoError  as read_arrays
[[nodiscard]] PairedMaps read_paired_maps(const PairedResult& pair);

/// The same from either half of the masks. Nothing if one of the results has no half_maps.
[[nodiscard]] std::optional<std::array<PairedMaps, 2>> read_paired_halves(const PairedResult& pair);

}  // namespace relax_spectro
