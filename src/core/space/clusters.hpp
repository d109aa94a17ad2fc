#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assess/slices.hpp"
#include "base/k_means.hpp"
#include "space/neighbours.hpp"

namespace relax_spectro {

/// A property that is more frequent in a cluster than among all recordings.
struct Excess {
  std::string column;
  std::string value;
  double p = 1.0;  ///< hypergeometric, adjusted by Holm over all clusters and values
};

/// What a cluster holds.
struct ClusterSummary {
  Rows rows;
  std::size_t medoid = 0;           ///< the row that is most similar to the others
  Rows labels;                      ///< how many rows have each label
  std::vector<Excess> excess = {};  ///< with a p of at most .05
};

/// Clusters of rows, and how sure their number is.
struct ClusterStudy {
  std::vector<double> stability;     ///< of 2, 3, … clusters; empty: fewer than ten rows
  std::optional<Clusters> clusters;  ///< nothing: no number of clusters is clear
  std::vector<double> silhouettes;   ///< of each row, by cluster
  double rand_index = 0.0;           ///< adjusted, of clusters and labels
  std::vector<ClusterSummary> summaries;

  /// The greatest stability. @pre there is one
  [[nodiscard]] std::size_t most_stable() const;
};

/// A number of clusters is clear if its stability is at least this.
inline constexpr double kClearStability = 0.6;

/// Finds clusters by k_means. Their number, from 2 to 40 or a fifth of the rows, is the one of the
/// greatest stability (Ben-Hur, Elisseeff and Guyon, Pac. Symp. Biocomput. 2002). Labels have no say.
///
/// Stability is the mean adjusted_rand_index of all pairs of ten clusterings. Each is of a resample of
/// groups of at most 2000 rows, and gives all rows to its nearest centres. Of numbers whose stability
/// is within .02 of the greatest, the one with the largest silhouette counts.
[[nodiscard]] ClusterStudy find_clusters(const KnownRows& known, std::uint64_t seed);

/// Says of each cluster which values of the columns it has in excess. Only the first row of each group
/// counts, because rows of a group are not independent. Values of fewer than five groups are left out.
void name_clusters(ClusterStudy& study, const KnownRows& known,
                   const std::vector<SliceColumn>& columns);

}  // namespace relax_spectro
