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
/// The recording's own short-time spectrum is multiplied, and keeps its phase. Between the centres
/// of frames, gains are interpolated linearly. A bin that several bands cover gets the mean of their
/// gains, weighted by the triangles.
class BandGains {
 public:
  /// @param time_s  centres of the frames, ascending; at least one.
  BandGains(const FrontEndConfig& config, std::span<const double> time_s, BeyondBands beyond);

  /// Multiplies the gains: [band, frame], 0 or more. They are gains of what the front end sums,
  /// power or magnitude.
  void multiply(Array2d<float> factors);

  /// The number of multiplications.
  [[nodiscard]] std::size_t size() const { return factors_.size(); }
  /// Takes the last multiplications back.
  void keep_first(std::size_t size) {
    factors_.erase(factors_.begin() + static_cast<std::ptrdiff_t>(size), factors_.end());
  }

  /// One channel at any sample rate, with its gains. It has the same length.
  [[nodiscard]] Audio apply(const Audio& channel) const;

 private:
  class Bins;

  FrontEndConfig config_;
  std::vector<double> time_s_;
  BeyondBands beyond_;
  std::vector<Array2d<float>>
      factors_;  // multiplied bin by bin, so that each is interpolated alone
};

}  // namespace relax_spectro
