#pragma once

#include <filesystem>
#include <string>

#include "assess/assessment.hpp"
#include "files/output_files.hpp"

namespace relax_spectro {

/// NAME.assess.json, NAME.metrics.csv, NAME.influence.csv, NAME.members.csv, NAME.slices.csv,
/// NAME.perturbations.csv, NAME.suspects.csv and the figure NAME.assess.FORMAT.
/// @throws IoError  as OutputFiles.
[[nodiscard]] OutputFiles assess_files(const std::filesystem::path& name,
                                       const std::string& figure_format, Overwrite overwrite);

/// Writes an assessment (data/FORMAT.md) and commits its files. @throws IoError  a file cannot be
/// written.
void write_assessment(OutputFiles& files, const Assessment& assessment, const AssessData& data,
                      const AssessOptions& options);

}  // namespace relax_spectro
