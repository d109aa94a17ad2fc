#pragma once

#include <string>

#include "reported_recording.hpp"

namespace relax_spectro::render {

/// The spectrogram with the map over it, as a figure of a page.
[[nodiscard]] std::string picture_html(const ReportedRecording& recording);

/// Where the map is greatest, in words: "1.23 s and 2400 Hz"; empty where it has no values.
[[nodiscard]] std::string peak_text(const ResultFacts& facts);

/// How far the map is above its noise, in words.
[[nodiscard]] std::string noise_text(const ResultFacts& facts);

/// The colours of the map, as stops of an SVG gradient.
[[nodiscard]] std::string palette_stops();

}  // namespace relax_spectro::render
