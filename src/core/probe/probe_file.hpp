#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "probe/probe.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// What a probe was made from.
struct ProbeSource {
  std::filesystem::path labels;
  std::filesystem::path class_map;  ///< empty: there is none
  ProbeSplit split;
  ProbeOptions options;
};

/// The files of a probe.
struct ProbePaths {
  std::filesystem::path json;
  std::filesystem::path arrays;
  std::filesystem::path report;
  std::optional<std::filesystem::path> figure;

  /// NAME.probe.json, NAME.probe.npz, NAME.report.csv and NAME.probe.FORMAT.
  /// @param figure_format  png, svg, pdf or none.
  ProbePaths(const std::filesystem::path& name, const std::string& figure_format);

  /// @throws IoError  a file already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;
};

/// Writes a probe (data/FORMAT.md).
/// @param figure  is moved to its place with the other files. Null: there is none.
/// @throws IoError  as ProbePaths::refuse_existing, or a file cannot be written.
void write_probe(const ProbePaths& paths, const Probe& probe, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const ProbeSource& source,
                 Overwrite overwrite, OutputFile* figure = nullptr);

}  // namespace relax_spectro
