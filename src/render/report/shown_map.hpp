#pragma once

#include <string>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::render {

/// A map over its spectrogram, small enough for a page. Arrays are [frequency, time] and alike.
struct ShownMap {
  Array2d<double> sound;     ///< the spectrogram
  Array2d<double> contrast;  ///< NaN where there is no map to be read
  Array2d<double> faded;     ///< how much of a cell is within two standard errors of zero, 0 to 1
  PanelMarks marks;
  double most = 0.0;  ///< the end of the colour scale, which begins at -most; 0: no values
};

/// @param result  with its arrays spectrogram, contrast and standard_error.
[[nodiscard]] ShownMap shown_map(const Result& result);

/// The same map, for an overview.
[[nodiscard]] ShownMap thumbnail_of(const ShownMap& map);

}  // namespace relax_spectro::render
