#pragma once

#include <filesystem>
#include <string>

#include "evaluation/flipping.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro {

/// Draws the curves of a flipping with their areas, like draw_figure. Random orders appear as their
/// mean, with a band from minimum to maximum.
/// @param result  with its curves.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_flip_figure(const std::filesystem::path& path, const FlipResult& result);

}  // namespace relax_spectro
