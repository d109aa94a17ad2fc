#pragma once

#include <cstddef>
#include <vector>

#include "interactions/interactions_file.hpp"
#include "matrix_panel.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {

inline constexpr std::size_t kMostGroupsInMatrix = 40;
inline constexpr const char* kSignsOfPairs =
    "Above 0 (brown): the model needs both parts. Below 0 (blue): either is enough.";
inline constexpr const char* kDiagonal =
    "On the diagonal: what a part adds. Faded: not told from chance (p > .05 over all pairs).";

/// The spectrogram with the borders of the parts, and what the notes say of them and of the matrix.
[[nodiscard]] Figure parts_figure(const InteractionResult& result, const Spectrogram& spectrogram);

/// The interactions as a matrix, with the main effects on its diagonal. Small ones are in units of
/// a power of ten, which the colour bar names.
[[nodiscard]] Matrix interaction_matrix(const PairEffects& effects,
                                        const std::vector<CellGroup>& groups);

}  // namespace relax_spectro::render
