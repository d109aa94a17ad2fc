#pragma once

#include <filesystem>

#include "probe/probe.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// What a probe was made from.
struct ProbeSource {
  std::filesystem::path labels;
  ProbeSplit split;
  ProbeOptions options;
};

/// The files of a probe.
struct ProbePaths {
  std::filesystem::path json;
  std::filesystem::path arrays;
  std::filesystem::path report;

  /// NAME.probe.json, NAME.probe.npz and NAME.report.csv.
  explicit ProbePaths(const std::filesystem::path& name);

  /// @throws IoError  a file already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;
};

/// Writes a probe (data/FORMAT.md).
/// @throws IoError  as ProbePaths::refuse_existing, or a file cannot be written.
void write_probe(const ProbePaths& paths, const Probe& probe, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const ProbeSource& source,
                 Overwrite overwrite);

}  // namespace relax_spectro
