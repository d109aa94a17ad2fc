#pragma once

#include <filesystem>
#include <string>

#include "space/space.hpp"

namespace relax_spectro {

/// Draws the recordings of a space as points, coloured by label, and how similar the labels are.
/// Recordings whose neighbours have another label are ringed.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_space_figure(const std::filesystem::path& path, const Space& space, const ProbeData& data,
                       const std::string& title);

}  // namespace relax_spectro
