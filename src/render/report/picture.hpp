#pragma once

#include <string>

#include "reported_recording.hpp"

namespace relax_spectro::render {

/// The spectrogram with the map on top, as a figure of the page.
[[nodiscard]] std::string picture_html(const ReportedRecording& recording);

/// The place of the map's maximum, as text: "1.23 s and 2400 Hz"; empty if the map has no values.
[[nodiscard]] std::string peak_text(const ResultFacts& facts);

/// How far the map is above its noise, as text.
[[nodiscard]] std::string noise_text(const ResultFacts& facts);

/// The colours of the map, as the stops of an SVG gradient.
[[nodiscard]] std::string palette_stops();

}  // namespace relax_spectro::render
