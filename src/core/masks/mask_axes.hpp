#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// What masks lie over: the bins of a window, and where they are in seconds and Hertz. Without the
/// latter, masks can be counted in cells and bins only.
struct MaskAxes {
  Shape2d bins;
  double frame_s = 0.0;                   ///< from frame to frame; 0: not known
  std::vector<double> frequency_hz = {};  ///< centre of each band, ascending; empty: not known
  double low_hz = 0.0;                    ///< what the bands cover
  double high_hz = 0.0;
};

/// The axes of a window of `frames` frames of a front end.
/// @throws ConfigError  the configuration is not valid.
[[nodiscard]] MaskAxes mask_axes(const FrontEndConfig& front_end, std::size_t frames);

}  // namespace relax_spectro
