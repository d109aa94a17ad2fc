#pragma once

#include <filesystem>
#include <string>

#include "evaluation/flipping.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro {

/// Draws the curves of a flipping, with the areas under them; random orders as their mean and the
/// band from the least to the greatest. As draw_figure draws a figure.
/// @param result  with its curves.
/// @throws ConfigError  another ending than `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_flip_figure(const std::filesystem::path& path, const FlipResult& result);

}  // namespace relax_spectro
