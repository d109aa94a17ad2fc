#pragma once

#include <string>

#include "shown_result.hpp"

namespace relax_spectro::render {

/// The spectrogram with the map on top, as a figure of the page.
[[nodiscard]] std::string picture_html(const ShownResult& shown);

/// The same, small, as an image.
[[nodiscard]] std::string thumbnail_html(const ShownResult& shown);

/// The place of the map's maximum, as text: "1.23 to 1.90 s and 1000 to 2400 Hz", in minutes if
/// the recording is long. Empty without a peak.
[[nodiscard]] std::string peak_text(const ShownResult& shown);

/// The colours of the map, as the stops of an SVG gradient.
[[nodiscard]] std::string palette_stops();

}  // namespace relax_spectro::render
