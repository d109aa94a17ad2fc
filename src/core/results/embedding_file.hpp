#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "occlusion/embed.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// The windows of one recording.
struct FileEmbeddings {
  std::filesystem::path file;
  Embeddings rows;
};

/// The model that produced the embeddings.
struct EmbeddingSource {
  ModelCard card;
  std::filesystem::path model_path;
  std::string model_sha256;
};

/// Embeddings as CSV, with a header and a row for each window. Classes have their labels if the
/// card has any.
/// @throws ModelError  recordings differ in the size of their embeddings or class scores.
[[nodiscard]] std::string embeddings_csv(std::span<const FileEmbeddings> files,
                                         const ModelCard& card);

/// Writes embeddings to a `.csv`, or to a `.npz` with a `.json` beside it (data/FORMAT.md).
/// @throws ConfigError  another ending.
/// @throws IoError      a file already exists and may not be overwritten, or cannot be written.
/// @throws ModelError   as embeddings_csv.
void write_embeddings(const std::filesystem::path& path, std::span<const FileEmbeddings> files,
                      const EmbeddingSource& source, Overwrite overwrite);

/// Checks before any work that write_embeddings may write to this path.
/// @throws ConfigError, IoError  as write_embeddings.
void check_embeddings_path(const std::filesystem::path& path, Overwrite overwrite);

}  // namespace relax_spectro
