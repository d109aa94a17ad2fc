#pragma once

#include <filesystem>
#include <vector>

namespace relax_spectro::cli {

/// The results of explain among files that a pattern such as results/*.json found: all but those
/// that tests of results wrote beside them (NAME.flip.json, NAME.sanity.json).
/// @throws ConfigError  none is left.
[[nodiscard]] std::vector<std::filesystem::path> results_among(
    const std::vector<std::filesystem::path>& files);

}  // namespace relax_spectro::cli
