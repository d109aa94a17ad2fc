#pragma once

#include <filesystem>
#include <string>

#include "files/output_files.hpp"
#include "probe/probe.hpp"

namespace relax_spectro {

/// What a probe was made from.
struct ProbeSource {
  std::filesystem::path labels;
  std::filesystem::path class_map;  ///< empty: there is none
  ProbeSplit split;
  ProbeOptions options;
};

/// NAME.probe.json, NAME.probe.npz, NAME.report.csv and the figure NAME.probe.FORMAT.
/// @throws IoError  as OutputFiles.
[[nodiscard]] OutputFiles probe_files(const std::filesystem::path& name,
                                      const std::string& figure_format, Overwrite overwrite);

/// Writes a probe (data/FORMAT.md) and commits its files. @throws IoError  a file cannot be written.
void write_probe(OutputFiles& files, const Probe& probe, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const ProbeSource& source);

}  // namespace relax_spectro
