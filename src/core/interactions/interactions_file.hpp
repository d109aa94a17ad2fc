#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "files/output_files.hpp"
#include "interactions/interactions.hpp"
#include "interactions/label_effects.hpp"
#include "relax_spectro/results/provenance.hpp"

namespace relax_spectro {

/// The interactions of a recording, and where they come from.
struct InteractionResult {
  Provenance provenance;
  ModelCard card;
  std::optional<SourceFile> boxes;  ///< the table of the groups, instead of a grid
  InteractionOptions options;
  Interactions found;
};

/// What a group is, in words: "0–230 Hz", "1.00–1.25 s", or a box's name.
/// @param groups  all of them: where they do not differ is left out.
[[nodiscard]] std::string group_text(const std::vector<CellGroup>& groups, std::size_t index);

/// A p value in words: "p 0.031".
[[nodiscard]] std::string p_text(double p);

/// The model of a result, with its files: "mobilenetv3 (mobilenetv3.pt)".
[[nodiscard]] std::string model_text(const InteractionResult& result);

/// The strongest pair in a sentence, or that there is none.
[[nodiscard]] std::string verdict_of(const Interactions& found);

/// STEM.interactions.npz, .csv, .json and the figure STEM.interactions.FORMAT.
/// @throws IoError  as OutputFiles.
[[nodiscard]] OutputFiles interactions_files(const std::filesystem::path& stem,
                                             const std::string& figure_format, Overwrite overwrite);

/// Writes the interactions of a recording (data/FORMAT.md) and commits their files.
/// @throws IoError  a file cannot be written.
void write_interactions(OutputFiles& files, const InteractionResult& result);

/// Reads a result without what each mask gave: `patterns` and the scores stay empty.
/// @throws IoError  the JSON or the arrays cannot be read, or do not fit together.
[[nodiscard]] InteractionResult read_interactions(const std::filesystem::path& json_path);

/// Writes the interactions of labels as CSV: a line for each label and pair (data/FORMAT.md).
/// @throws IoError  the file exists and may not be overwritten, or cannot be written.
void write_label_interactions(const std::filesystem::path& path,
                              std::span<const MeanEffects> labels,
                              const std::vector<CellGroup>& groups, Overwrite overwrite);

}  // namespace relax_spectro
