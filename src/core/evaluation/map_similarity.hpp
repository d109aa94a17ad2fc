#pragma once

#include <optional>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// How alike two maps [frequency, time] are: both correlations are from -1 to 1, and nothing where
/// either map has the same value in all bins, or fewer than two bins are left. Bins in which either
/// map is NaN are left out.
struct MapSimilarity {
  std::optional<double> pearson;   ///< of the values
  std::optional<double> spearman;  ///< of their ranks; equal values share their mean rank
};

/// @throws ConfigError  maps of different shapes.
[[nodiscard]] MapSimilarity map_similarity(const Array2d<double>& a, const Array2d<double>& b);

}  // namespace relax_spectro
