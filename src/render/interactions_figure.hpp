#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "interactions/interactions_file.hpp"
#include "relax_spectro/audio/spectrogram.hpp"

namespace relax_spectro {

/// Draws how parts of a recording work together, like draw_figure: the spectrogram with the parts'
/// borders, and a matrix of the interactions with the main effects on its diagonal. Pairs with
/// p > .05 are faded. The matrix is left out above 40 parts.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_interactions_figure(const std::filesystem::path& path, const InteractionResult& result,
                              const Spectrogram& spectrogram);

/// Draws the mean matrix of each label, of the first twelve. A label without a name is all.
/// @param is_difference  between two models.
/// @param models         their names and the score.
/// @pre there are at most 40 parts
/// @throws as draw_interactions_figure
void draw_label_interactions(const std::filesystem::path& path, bool is_difference,
                             const std::string& models, std::span<const MeanEffects> labels,
                             const std::vector<CellGroup>& groups);

}  // namespace relax_spectro
