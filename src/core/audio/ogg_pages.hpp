#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// Looks for the end of an Ogg's first recording, which is the one that is decoded.
/// @returns  what to warn of: more recordings behind it.
/// @throws AudioError  it has no end-of-stream page.
[[nodiscard]] std::vector<std::string> check_ogg_pages(const std::filesystem::path& path);

}  // namespace relax_spectro::core
