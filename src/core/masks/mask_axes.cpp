#include "masks/mask_axes.hpp"

namespace relax_spectro {

MaskAxes mask_axes(const FrontEndConfig& front_end, std::size_t frames) {
  front_end.validate();
  MaskAxes axes;
  axes.bins = {front_end.bands, frames};
  axes.frame_s = static_cast<double>(front_end.hop_samples) / front_end.sample_rate_hz;
  axes.frequency_hz = band_centres_hz(front_end);
  axes.low_hz = front_end.low_hz;
  axes.high_hz = front_end.high_hz;
  return axes;
}

}  // namespace relax_spectro
