#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The axes that masks cover: the bins of a window, with their seconds and Hertz if known. Without
/// these, masks can be specified only in cells and bins.
struct MaskAxes {
  Shape2d bins;
  double frame_s = 0.0;                   ///< hop from frame to frame; 0: unknown
  std::vector<double> frequency_hz = {};  ///< centre of each band, ascending; empty: unknown
  double low_hz = 0.0;                    ///< lower end of the range that the bands cover
  double high_hz = 0.0;
};

/// The axes of a window of `frames` frames of a front end.
/// @throws ConfigError  the configuration is not valid.
[[nodiscard]] MaskAxes mask_axes(const FrontEndConfig& front_end, std::size_t frames);

}  // namespace relax_spectro
