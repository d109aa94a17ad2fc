#pragma once

#include <filesystem>
#include <span>

#include "compare/comparison.hpp"

namespace relax_spectro {

/// Draws comparisons of models with the first one, like draw_figure: for each the difference of
/// every band over Hertz, and what either model makes of the kinds of sound that differ, all with
/// 95 % intervals.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_compare_figure(const std::filesystem::path& path,
                         std::span<const ModelComparison> comparisons);

}  // namespace relax_spectro
