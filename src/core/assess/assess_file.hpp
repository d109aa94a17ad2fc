#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "assess/assessment.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// The files of an assessment.
struct AssessPaths {
  std::filesystem::path json;
  std::filesystem::path metrics;
  std::filesystem::path influence;
  std::filesystem::path members;
  std::filesystem::path slices;
  std::filesystem::path perturbations;
  std::filesystem::path suspects;
  std::optional<std::filesystem::path> figure;

  /// NAME.assess.json, NAME.metrics.csv, NAME.influence.csv, NAME.members.csv, NAME.slices.csv,
  /// NAME.perturbations.csv, NAME.suspects.csv and NAME.assess.FORMAT.
  /// @param figure_format  png, svg, pdf or none.
  AssessPaths(const std::filesystem::path& name, const std::string& figure_format);

  /// @throws IoError  a file already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;
};

/// Writes an assessment (data/FORMAT.md).
/// @param figure  is moved to its place with the other files. Null: there is none.
/// @throws IoError  as AssessPaths::refuse_existing, or a file cannot be written.
void write_assessment(const AssessPaths& paths, const Assessment& assessment,
                      const AssessData& data, const AssessOptions& options, Overwrite overwrite,
                      OutputFile* figure = nullptr);

}  // namespace relax_spectro
