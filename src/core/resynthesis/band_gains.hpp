#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// What happens to sound outside all bands of a front end, which the model does not hear.
enum class BeyondBands { mute, keep };

/// Gains of a front end's bands over time, which change the sound of a recording.
///
/// Each step multiplies the short-time spectrum of what the last step made, and keeps its phase. So
/// phases move along with the gains, as in the iterations of Griffin and Lim. Between the centres of
/// frames, gains are interpolated linearly. A bin that several bands cover gets the mean of their
/// gains, weighted by the triangles.
class BandGains {
 public:
  /// @param time_s  centres of the frames, ascending; at least one.
  BandGains(const FrontEndConfig& config, std::span<const double> time_s, BeyondBands beyond);

  /// Adds a step: [band, frame], 0 or more. They are gains of what the front end sums, power or
  /// magnitude.
  void multiply(Array2d<float> factors);

  /// Takes the last steps back.
  void keep_first(std::size_t size) {
    factors_.erase(factors_.begin() + static_cast<std::ptrdiff_t>(size), factors_.end());
  }

  /// One channel at any sample rate, after all steps. It has the same length.
  [[nodiscard]] Audio apply(const Audio& channel) const;
  /// The same after the last step alone.
  [[nodiscard]] Audio apply_last(const Audio& channel) const;

 private:
  class Bins;

  [[nodiscard]] Audio apply_from(std::size_t step, const Audio& channel) const;

  FrontEndConfig config_;
  std::vector<double> time_s_;
  BeyondBands beyond_;
  std::vector<Array2d<float>> factors_;  // one a step
};

}  // namespace relax_spectro
