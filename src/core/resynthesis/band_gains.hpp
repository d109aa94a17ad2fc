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

/// A sound that steps of BandGains have changed.
struct ChangedSound {
  Audio sound;                ///< of one channel
  std::vector<float> totals;  ///< gains so far of what is summed: each bin of each short-time frame
};

/// Gains of a front end's bands over time, which change the sound of a recording.
///
/// Each step multiplies the short-time spectrum of what the last step made, and keeps its phase. So
/// phases move along with the gains, as in the iterations of Griffin and Lim. Between the centres of
/// frames, gains are interpolated linearly. A bin that several bands cover gets the mean of their
/// gains, weighted by the triangles. Bands with a centre above half of the sample rate take no part:
/// there is nothing of the recording in them.
class BandGains {
 public:
  /// @param time_s  centres of the frames, ascending; at least one.
  /// @param most    the largest gain of a bin, over all steps.
  BandGains(FrontEndConfig config, std::span<const double> time_s, BeyondBands beyond, double most);

  /// Adds a step: [band, frame], 0 or more. They are gains of what the front end sums, power or
  /// magnitude.
  void multiply(Array2d<float> factors);

  /// Takes the last steps back.
  void keep_first(std::size_t size) {
    factors_.erase(factors_.begin() + static_cast<std::ptrdiff_t>(size), factors_.end());
  }

  /// One channel at any sample rate, after all steps. It has the same length.
  [[nodiscard]] Audio apply(const Audio& channel) const;
  /// Takes a sound, after all steps but the last, through the last.
  void apply_last(ChangedSound& changed) const;

 private:
  class Bins;

  void apply_step(std::size_t step, ChangedSound& changed) const;

  FrontEndConfig config_;
  std::vector<double> time_s_;
  BeyondBands beyond_;
  double most_;
  std::vector<Array2d<float>> factors_;  // one a step
};

}  // namespace relax_spectro
