#pragma once

#include <cstddef>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Points in a plane by t-SNE.
struct TsnePoints {
  Array2d<double> points;   ///< [row, 2], without a unit
  double divergence = 0.0;  ///< Kullback and Leibler's, in nats, of the plane from the vectors
};

/// The most rows of t-SNE. Its time and memory grow with their square: 200 MB for 5000.
inline constexpr std::size_t kMostTsneRows = 5000;

/// The number of neighbours that a row is given: 30, or less than a third of the rows.
[[nodiscard]] double tsne_perplexity(std::size_t rows);

/// Places rows so that near ones stay near (van der Maaten and Hinton, J. Mach. Learn. Res. 9, 2008).
/// All pairs count, without an approximation. The settings are those of scikit-learn: 1000 steps, of
/// which the first 250 exaggerate similarities twelvefold, at a rate of a 48th of the rows, and at
/// least 50. The distance is Euclid's.
/// @param start  [row, 2]; only its shape counts, because it is scaled to a deviation of 1e-4 along
///               its first axis.
/// @pre there are from 2 to kMostTsneRows rows
[[nodiscard]] TsnePoints tsne(const Array2d<double>& vectors, const Array2d<double>& start);

}  // namespace relax_spectro
