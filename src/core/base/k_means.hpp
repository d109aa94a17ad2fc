#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/statistics.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

struct Clusters {
  Rows of_row;  ///< the cluster of each row; clusters are numbered as rows first name them
  Array2d<double> centres;  ///< [cluster, column]
  double inertia = 0.0;     ///< the sum of squared distances of rows from their centres
};

/// k-means (Lloyd, IEEE Trans. Inform. Theory 28(2), 1982): the best of several starts, each drawn
/// by greedy k-means++ (Arthur and Vassilvitskii, SODA 2007). The same rows and seed give the same clusters.
/// @param rows  [row, column]
/// @param k     the number of clusters. Fewer come back if fewer rows differ.
/// @pre 1 <= k <= rows.rows
[[nodiscard]] Clusters k_means(const Array2d<double>& rows, std::size_t k, std::uint64_t seed = 0,
                               std::size_t starts = 20);

/// The cluster with the nearest centre for each row; the first of equals.
[[nodiscard]] Rows nearest_centres(const Array2d<double>& rows, const Array2d<double>& centres);

/// How alike two clusterings of the same rows are, corrected for chance: 1 if equal, about 0 if
/// unrelated (adjusted Rand index: Hubert and Arabie, J. Classif. 2, 1985).
[[nodiscard]] double adjusted_rand_index(const Rows& a, const Rows& b);

}  // namespace relax_spectro
