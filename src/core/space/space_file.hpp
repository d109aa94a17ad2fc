#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "relax_spectro/files/output_file.hpp"
#include "space/space.hpp"

namespace relax_spectro {

/// The files of a study of a space.
struct SpacePaths {
  std::filesystem::path json;
  std::filesystem::path recordings;
  std::filesystem::path neighbours;
  std::filesystem::path labels;
  std::filesystem::path twins;
  std::filesystem::path clusters;
  std::filesystem::path reach;
  std::optional<std::filesystem::path> figure;

  /// NAME.space.json, NAME.space.csv, NAME.neighbours.csv, NAME.labels.csv, NAME.twins.csv,
  /// NAME.clusters.csv, NAME.reach.csv and NAME.space.FORMAT.
  /// @param figure_format  png, svg, pdf or none.
  SpacePaths(const std::filesystem::path& name, const std::string& figure_format);

  /// @throws IoError  a file already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;
};

/// Writes a study of a space (data/FORMAT.md).
/// @param table   of labels.
/// @param figure  is moved to its place with the other files. Null: there is none.
/// @throws IoError  as SpacePaths::refuse_existing, or a file cannot be written.
void write_space(const SpacePaths& paths, const Space& space, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const SpaceOptions& options,
                 const std::filesystem::path& table, Overwrite overwrite,
                 OutputFile* figure = nullptr);

}  // namespace relax_spectro
