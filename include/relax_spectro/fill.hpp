#pragma once

#include <string_view>

#include "relax_spectro/array2d.hpp"

namespace relax_spectro {

/// What stands where a mask hides the spectrogram.
enum class Fill {
  zero,     ///< 0 in the model's normalised units, as the RELAX package does. In a log-mel this is
            ///< not silence: VGGish's 0 is a mel value of about 1, which is loud
  silence,  ///< the value that digital silence has after the model's front end
};

/// @throws ConfigError  no such fill; the message lists those there are.
[[nodiscard]] Fill parse_fill(std::string_view name);
[[nodiscard]] std::string_view to_string(Fill fill);

/// The fill for one window: [frequency, time], as the window.
[[nodiscard]] Array2d<float> make_fill(Fill fill, const Array2d<float>& window, float silence);

}  // namespace relax_spectro
