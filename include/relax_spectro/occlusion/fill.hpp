#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The values that replace masked bins. All except `constant` depend on the model's input, in its
/// normalised units. Statistics are those of the window that is masked.
enum class FillKind {
  zero,       ///< 0, as in the RELAX package. In a log-mel, 0 is not silence but rather loud: in
              ///< VGGish it is a mel value of about 1
  silence,    ///< the value of digital silence after the model's front end
  min,        ///< the window's smallest value, i.e. its quietest bin
  mean,       ///< the window's mean: average loudness without structure
  band_mean,  ///< the mean of each band: the recording's own long-term spectrum
  constant,   ///< a given number
  noise,      ///< Gaussian noise with each band's mean and variance; determined by the seed
  blur,       ///< the window itself, blurred by a Gaussian
};

struct Fill {
  FillKind kind = FillKind::zero;
  double value = 0.0;       ///< for `constant`
  double sigma_bins = 5.0;  ///< for `blur`, along both axes; the default is that of RISE's
                            ///< insertion
};

/// Reads `zero`, `silence`, `min`, `mean`, `band-mean`, `constant:VALUE`, `noise`, `blur` or
/// `blur:SIGMA_BINS`.
/// @throws ConfigError  unknown fill (the message lists the valid ones), or invalid number.
[[nodiscard]] Fill parse_fill(std::string_view text);
[[nodiscard]] std::string to_string(const Fill& fill);

/// The fill for one window: [frequency, time], with the window's shape.
/// @param silence  the value of digital silence.
/// @param seed     for `noise`: bin i of the window depends only on (seed, i).
[[nodiscard]] Array2d<float> make_fill(const Fill& fill, const Array2d<float>& window,
                                       float silence, std::uint64_t seed);

}  // namespace relax_spectro
