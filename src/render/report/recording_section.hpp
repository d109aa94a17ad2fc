#pragma once

#include <string>

#include "reported_recording.hpp"

namespace relax_spectro::render {

/// The section of a recording.
/// @param sound_html  the audio player, or the reason why there is none.
[[nodiscard]] std::string section_html(const ReportedRecording& recording,
                                       const std::string& sound_html);

}  // namespace relax_spectro::render
