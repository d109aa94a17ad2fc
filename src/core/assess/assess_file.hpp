#pragma once

#include <filesystem>

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
  std::filesystem::path suspects;

  /// NAME.assess.json, NAME.metrics.csv, NAME.influence.csv, NAME.members.csv, NAME.slices.csv
  /// and NAME.suspects.csv.
  explicit AssessPaths(const std::filesystem::path& name);

  /// @throws IoError  a file already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;
};

/// Writes an assessment (data/FORMAT.md).
/// @param labels  the table of labels.
/// @throws IoError  as AssessPaths::refuse_existing, or a file cannot be written.
void write_assessment(const AssessPaths& paths, const Assessment& assessment,
                      const AssessData& data, const AssessOptions& options,
                      const std::filesystem::path& labels, Overwrite overwrite);

}  // namespace relax_spectro
