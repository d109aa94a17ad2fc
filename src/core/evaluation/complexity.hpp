#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace relax_spectro {

/// On how few bins a map concentrates. All three look at absolute values alone.
struct Complexity {
  /// Gini index of the absolute values: 0 where all are alike, near 1 where one bin has all
  /// (Chalasani et al., ICML 2020).
  double sparseness = 0.0;
  /// Entropy of the absolute values as shares of their sum, in nats: 0 where one bin has all,
  /// ln(bins) where all are alike. Nothing where all are 0 (Bhatt et al., IJCAI 2020).
  std::optional<double> entropy;
  /// How many bins exceed 1e-5 of the largest (Nguyen and Martínez, arXiv:2007.07584, 2020).
  std::size_t effective_complexity = 0;
};

/// The complexity of a map, as Quantus 0.6.0 computes it by default, its small added constants
/// included. Bins that are NaN or infinite are left out.
/// @returns nothing where no bin is left.
[[nodiscard]] std::optional<Complexity> complexity_of(std::span<const double> map);

}  // namespace relax_spectro
