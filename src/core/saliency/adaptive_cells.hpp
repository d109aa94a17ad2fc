#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "masks/adaptive_design.hpp"
#include "relax_spectro/saliency/saliency.hpp"
#include "saliency/estimators.hpp"

namespace relax_spectro::core {

/// A cell, or the parts that it was split into.
struct CellNode {
  CellBox box;
  std::vector<CellNode> parts;
};

/// The cells that are not split, in the order of the tree.
[[nodiscard]] std::vector<CellBox> cells_of(std::span<const CellNode> tree);

/// How much keeping each cell of a tree raises the score.
struct CellEffects {
  std::vector<double> effects;     ///< mean score of the masks that keep it, less that of all masks
  std::vector<double> covariance;  ///< of the effects: [cell, cell]

  [[nodiscard]] double standard_error(std::size_t cell) const;
};

/// Fits scores to which cells the masks keep, by ridge regression.
/// @param scored  masks over a lattice, from a whole pair on.
///
/// Note [Pairs leave out what is even]
/// Masks 2i and 2i + 1 are complements. Half the difference of their scores holds only terms of an
/// odd number of cells. Pairs of cells neither move the effects nor add to their errors.
[[nodiscard]] CellEffects fit_cells(const ScoredMasks& scored, std::span<const CellBox> cells);

/// Splits the cells whose effect is more than six standard errors above zero, the largest effect
/// first, into halves along both axes. It leaves at most 64 cells, none smaller than one of the
/// lattice.
///
/// Note [Six standard errors]
/// A part of a cell has a part of its effect and the same noise. So only a cell whose effect is
/// several times the noise has parts that can be told apart. From 2.5 to 9 the mosaic test gives the
/// same mass; fewer cells have less noise.
void split_cells(std::vector<CellNode>& tree, const CellEffects& effects);

/// The map of adaptive cells. Its density is the effect of a cell over the cell's share of the
/// window, times kReferenceShare: what a cell of a 7x7 grid would have.
///
/// Note [Noise is shrunk along the tree]
/// The density of a cell is that of the cell it was split from, plus a difference. Each difference d
/// with variance v is multiplied by max(0, 1 - v / d^2), all parts of one split together, and the
/// density of the first cells likewise. So a part looks different from its neighbour only as far as
/// the scores say that it is. Nothing moves by more than its standard error.
///
/// @param scored      the masks of the effects; their law is the fixed one of the lattice.
/// @param mean_score  importance without any effect.
[[nodiscard]] Saliency adaptive_saliency(const ScoredMasks& scored, std::span<const CellNode> tree,
                                         const CellEffects& effects, double mean_score);

}  // namespace relax_spectro::core
