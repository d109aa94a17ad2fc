#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// Looks for the end of the first recording in an Ogg file. Only that one is decoded.
/// @returns  warnings: more recordings follow.
/// @throws AudioError  the end-of-stream page is missing.
[[nodiscard]] std::vector<std::string> check_ogg_pages(const std::filesystem::path& path);

}  // namespace relax_spectro::core
