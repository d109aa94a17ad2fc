#pragma once

#include <filesystem>

#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// Reads of a result what its figure shows, so that it can be drawn again: the spectrogram, the
/// maps, the noise, and of windows and sizes their masks, classes and drops. The rest is empty.
/// @throws IoError  as read_result_summary; or an array is missing or does not fit.
[[nodiscard]] Explanation read_explanation(const std::filesystem::path& json_path);

}  // namespace relax_spectro
