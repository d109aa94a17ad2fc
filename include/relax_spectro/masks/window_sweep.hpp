#pragma once

#include <cstddef>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/axis_size.hpp"

namespace relax_spectro {

/// A part of a spectrogram, from edge to edge of its bins; edges lie halfway between bins.
struct TimeFrequencyBox {
  double begin_s = 0.0;
  double end_s = 0.0;
  double low_hz = 0.0;
  double high_hz = 0.0;
};

/// What a sweep with windows of one size showed.
struct SizeSummary {
  Size2d window;          ///< as it was asked for
  Size2d stride;          ///< likewise, or half the window
  Shape2d most_bins;      ///< that the window masks at a position, along each axis
  Shape2d fewest_bins;    ///< likewise: cut off at the far edge, or, in Hertz, where bands are wide
  Shape2d positions;      ///< along each axis, in each window of the recording
  std::size_t masks = 0;  ///< over all windows of the recording
  double mean_drop = 0.0;  ///< of the score, over all of them
  double largest_drop = 0.0;
  TimeFrequencyBox largest_drop_at;  ///< what is masked there
  Array2d<double> importance;        ///< the map of this size: [frequency, time]
};

}  // namespace relax_spectro
