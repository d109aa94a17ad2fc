#pragma once

#include <optional>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The correlations of two maps [frequency, time], from -1 to 1. Bins that are NaN in either map
/// are ignored. Nothing if one of the maps is constant, or fewer than two bins remain.
struct MapSimilarity {
  std::optional<double> pearson;   ///< of the values
  std::optional<double> spearman;  ///< of the ranks, with mean ranks for ties
};

/// Pearson's correlation alone.
/// @throws ConfigError  maps of different shapes.
[[nodiscard]] std::optional<double> map_correlation(const Array2d<double>& a,
                                                    const Array2d<double>& b);

/// @throws ConfigError  maps of different shapes.
[[nodiscard]] MapSimilarity map_similarity(const Array2d<double>& a, const Array2d<double>& b);

}  // namespace relax_spectro
