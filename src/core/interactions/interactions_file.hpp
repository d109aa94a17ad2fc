#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "interactions/interactions.hpp"
#include "interactions/label_effects.hpp"
#include "relax_spectro/files/output_file.hpp"
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

/// The strongest pair in a sentence, or that there is none.
[[nodiscard]] std::string verdict_of(const Interactions& found);

/// Writes STEM.npz, STEM.json and STEM.csv (data/FORMAT.md).
/// @param figure  moved with them; null if there is none.
/// @throws IoError  a file exists and may not be overwritten, or cannot be written.
void write_interactions(const std::filesystem::path& stem, const InteractionResult& result,
                        Overwrite overwrite, OutputFile* figure);

/// Writes the interactions of labels as CSV: a line for each label and pair (data/FORMAT.md).
/// @throws IoError  the file exists and may not be overwritten, or cannot be written.
void write_label_interactions(const std::filesystem::path& path,
                              std::span<const MeanEffects> labels,
                              const std::vector<CellGroup>& groups, Overwrite overwrite);

}  // namespace relax_spectro
