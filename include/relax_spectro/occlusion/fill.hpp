#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// What stands where a mask hides the spectrogram. All but `constant` speak of the model's input in
/// its normalised units; statistics are those of the window that is being masked.
enum class FillKind {
  zero,       ///< 0, as the RELAX package does. In a log-mel this is not silence: VGGish's 0 is a
              ///< mel value of about 1, which is loud
  silence,    ///< the value that digital silence has after the model's front end
  min,        ///< the window's smallest value: its own quietest bin
  mean,       ///< the window's mean: a loudness without shape
  band_mean,  ///< the mean of each band: the recording's own long-term spectrum
  constant,   ///< a number of one's own
  noise,      ///< Gaussian noise of each band's own mean and variance; the same for the same seed
  blur,       ///< the window itself, blurred by a Gaussian
};

struct Fill {
  FillKind kind = FillKind::zero;
  double value = 0.0;       ///< of `constant`
  double sigma_bins = 5.0;  ///< of `blur`, along both axes; the value that RISE's insertion uses
};

/// Reads `zero`, `silence`, `min`, `mean`, `band-mean`, `constant:VALUE`, `noise`, `blur` or
/// `blur:SIGMA_BINS`.
/// @throws ConfigError  no such fill (the message lists those there are), or no such number.
[[nodiscard]] Fill parse_fill(std::string_view text);
[[nodiscard]] std::string to_string(const Fill& fill);

/// The fill for one window: [frequency, time], as the window.
/// @param silence  the value that digital silence has.
/// @param seed     of `noise`: bin i of the window depends on (seed, i) alone.
[[nodiscard]] Array2d<float> make_fill(const Fill& fill, const Array2d<float>& window,
                                       float silence, std::uint64_t seed);

}  // namespace relax_spectro
