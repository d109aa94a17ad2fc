#pragma once

#include <cstddef>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/axis_size.hpp"

namespace relax_spectro {

/// A part of a spectrogram between edges of bins. Edges are halfway between bin centres.
struct TimeFrequencyBox {
  double begin_s = 0.0;
  double end_s = 0.0;
  double low_hz = 0.0;
  double high_hz = 0.0;
};

/// The result of a sweep with windows of one size.
struct SizeSummary {
  Size2d window;           ///< as requested
  Size2d stride;           ///< as requested, or half the window
  Shape2d most_bins;       ///< masked by the window at a position, along each axis
  Shape2d fewest_bins;     ///< the same, where it is cut off at the far edge or, in Hertz, where
                           ///< bands are wide
  Shape2d positions;       ///< along each axis, in each window of the recording
  std::size_t masks = 0;   ///< over all windows of the recording
  double mean_drop = 0.0;  ///< of the score, over all positions
  double largest_drop = 0.0;
  TimeFrequencyBox largest_drop_at;  ///< the position's masked part
  Array2d<double> importance;        ///< the map for this size: [frequency, time]
};

}  // namespace relax_spectro
