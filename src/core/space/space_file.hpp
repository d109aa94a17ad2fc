#pragma once

#include <filesystem>
#include <string>

#include "files/output_files.hpp"
#include "space/space.hpp"

namespace relax_spectro {

/// NAME.space.json, NAME.space.csv, NAME.neighbours.csv, NAME.labels.csv, NAME.twins.csv,
/// NAME.clusters.csv, NAME.reach.csv and the figure NAME.space.FORMAT.
/// @throws IoError  as OutputFiles.
[[nodiscard]] OutputFiles space_files(const std::filesystem::path& name,
                                      const std::string& figure_format, Overwrite overwrite);

/// Writes a study of a space (data/FORMAT.md) and commits its files.
/// @param table  of labels.
/// @throws IoError  a file cannot be written.
void write_space(OutputFiles& files, const Space& space, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const SpaceOptions& options,
                 const std::filesystem::path& table);

}  // namespace relax_spectro
