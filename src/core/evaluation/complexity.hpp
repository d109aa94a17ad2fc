#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace relax_spectro {

/// How strongly a map is concentrated on few bins. All measures use only absolute values.
struct Complexity {
  /// Gini index of the absolute values: 0 if all are equal, near 1 if a single bin has everything
  /// (Chalasani et al., ICML 2020).
  double sparseness = 0.0;
  /// Entropy in nats of the absolute values, normalised to sum 1. It is 0 if a single bin has
  /// everything, and ln(bins) if all are equal. Nothing if all are 0 (Bhatt et al., IJCAI 2020).
  std::optional<double> entropy;
  /// Number of bins above 1e-5 of the largest (Nguyen and Martínez, arXiv:2007.07584, 2020).
  std::size_t effective_complexity = 0;
};

/// The complexity of a map, as Quantus 0.6.0 computes it by default, including its small added
/// constants. NaN and infinite bins are ignored.
/// @returns nothing if no bin is left.
[[nodiscard]] std::optional<Complexity> complexity_of(std::span<const double> map);

}  // namespace relax_spectro
