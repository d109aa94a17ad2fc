#pragma once

#include <filesystem>

#include "assess/assessment.hpp"

namespace relax_spectro {

/// Draws an assessment, like draw_figure: how macro F1 changes without each file and each group, which
/// values it can take without few files, the accuracy of members and ensembles, and the twelve slices
/// that differ most.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_assess_figure(const std::filesystem::path& path, const Assessment& assessment,
                        const AssessOptions& options);

}  // namespace relax_spectro
