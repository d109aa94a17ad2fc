#pragma once

#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Embeddings around their mean. The product of two of them is their cosine.
struct UnitVectors {
  std::vector<double> mean;  ///< of all embeddings
  Array2d<double> rows;      ///< [recording, size]: without the mean, of length 1
};

/// Subtracts the mean and divides by the length. An embedding that is the mean stays 0.
///
/// Note [Why the mean is subtracted]
/// Embeddings after a ReLU have no negative values. Their cosines are then far above 0, and hardly
/// differ. No other scaling is done: whitening would raise noise to the size of everything else.
[[nodiscard]] UnitVectors unit_vectors(const Array2d<double>& embeddings);

/// The same around another mean.
[[nodiscard]] Array2d<double> unit_vectors(Array2d<double> embeddings,
                                           const std::vector<double>& mean);

}  // namespace relax_spectro
