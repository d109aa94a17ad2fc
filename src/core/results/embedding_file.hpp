#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "occlusion/embed.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// One recording's windows.
struct FileEmbeddings {
  std::filesystem::path file;
  Embeddings rows;
};

/// The model that embeddings come from.
struct EmbeddingSource {
  ModelCard card;
  std::filesystem::path model_path;
  std::string model_sha256;
};

/// Embeddings as CSV: a row a window, with a header; classes by label where the card has them.
/// @throws ModelError  recordings whose embeddings or class scores differ in size.
[[nodiscard]] std::string embeddings_csv(std::span<const FileEmbeddings> files,
                                         const ModelCard& card);

/// Writes embeddings to a `.csv`, or to a `.npz` with a `.json` beside it, as data/FORMAT.md says.
/// @throws ConfigError  another ending.
/// @throws IoError      a file is there already and may not be overwritten, or cannot be written.
/// @throws ModelError   as embeddings_csv.
void write_embeddings(const std::filesystem::path& path, std::span<const FileEmbeddings> files,
                      const EmbeddingSource& source, Overwrite overwrite);

/// Makes sure, before any work, that write_embeddings may write there.
/// @throws ConfigError, IoError  as write_embeddings.
void check_embeddings_path(const std::filesystem::path& path, Overwrite overwrite);

}  // namespace relax_spectro
