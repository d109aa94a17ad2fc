#pragma once

#include <array>
#include <optional>

#include "compare/paired_results.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The maps of two models over one recording, on the same axes.
struct PairedMaps {
  /// Those of the model with fewer bands, or else with fewer frames. Its input is there if it was
  /// asked for.
  Spectrogram axes;
  Array2d<double> a;  ///< contrast, [frequency, time]; NaN where one of the maps has no value, and
                      ///< beyond the recording's end
  Array2d<double> b;
};

enum class WithInput { no, yes };

/// Reads the contrast of both results. The map of the other model is interpolated linearly.
/// @throws IoError  as read_arrays
[[nodiscard]] PairedMaps read_paired_maps(const PairedResult& pair, WithInput with_input);

/// The same from either half of the masks, with the input. Nothing if one of the results has no half_maps.
[[nodiscard]] std::optional<std::array<PairedMaps, 2>> read_paired_halves(const PairedResult& pair);

}  // namespace relax_spectro
