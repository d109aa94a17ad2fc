#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "occlusion/embed.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// The windows of one recording, or of a changed copy of it. The copies follow their recording.
struct FileEmbeddings {
  std::filesystem::path file;
  Embeddings rows;
  std::string perturbation = {};  ///< Perturbation::name; empty: the unchanged recording
  std::size_t copy = 0;           ///< number of the copy of this perturbation
};

/// The model that produced the embeddings.
struct EmbeddingSource {
  ModelCard card;
  SourceFile model;
  std::optional<SourceFile> probe;  ///< whose classes replace the model's
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

/// The windows of unchanged recordings in an `.npz`.
struct WindowEmbeddings {
  Array2d<double> embedding;         ///< [window, size]
  Array2d<double> bands;             ///< of each window: see Embeddings::bands
  std::vector<std::size_t> file_of;  ///< the recording of each window
};

/// What a model gives for one changed copy of each recording.
struct CopyMeans {
  std::string perturbation;  ///< Perturbation::name
  std::size_t copy = 0;
  Array2d<double> mean;  ///< over a copy's windows: class scores or embeddings, [recording, number]
};

/// The mean embedding of each unchanged recording in an `.npz`, and the model that made them.
struct RecordingEmbeddings {
  std::filesystem::path path;      ///< of the `.npz`
  std::vector<std::string> files;  ///< of the recordings, as they were given
  Array2d<double> mean;            ///< over a recording's windows, [recording, size]
  Array2d<double> bands;           ///< mean over windows of Embeddings::bands
  std::string model_path;
  std::string model_sha256;
  std::string model_name;
  std::string training_data;           ///< of the model, as its card says; empty: it does not say
  WindowEmbeddings windows = {};       ///< empty unless they were asked for
  std::vector<CopyMeans> copies = {};  ///< as embed --perturb wrote them; may be empty
};

/// What is read of embeddings.
enum class EmbeddingUnit { recording, window };

/// Reads what write_embeddings wrote.
/// @param path  of the `.npz`. The `.json` is beside it.
/// @param unit  window: also read the windows.
/// @throws IoError, ConfigError  a file is missing or damaged, or the two do not belong together.
[[nodiscard]] RecordingEmbeddings read_embeddings(const std::filesystem::path& path,
                                                  EmbeddingUnit unit = EmbeddingUnit::recording);

/// That metrics of recordings which the model was trained on are too good.
/// @param training_data  as its card says
[[nodiscard]] std::string training_warning(const std::string& training_data);

/// The mean class scores of each unchanged recording in an `.npz`, and of changed copies.
struct RecordingScores {
  std::vector<std::string> files;   ///< of the recordings, as they were given
  std::vector<std::string> labels;  ///< of the classes
  Array2d<double> mean;             ///< over a recording's windows, [recording, class]
  std::vector<CopyMeans> copies;    ///< as embed --perturb wrote them; may be empty
  std::string training_data;        ///< of the model, as its card says; empty: it does not say
};

/// Reads what write_embeddings wrote.
/// @throws IoError, ConfigError  as read_embeddings, or the classes have no names.
[[nodiscard]] RecordingScores read_class_scores(const std::filesystem::path& path);

}  // namespace relax_spectro
