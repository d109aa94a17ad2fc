#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "base/statistics.hpp"
#include "space/neighbours.hpp"

namespace relax_spectro {

/// The rows of each number, from 0.
[[nodiscard]] std::vector<Rows> rows_of(std::span<const std::size_t> numbers);

[[nodiscard]] inline double product(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Whether neighbours have the same label.
struct Purity {
  std::vector<double> of_row;  ///< share of its neighbours with its label; NaN without neighbours
  double value = 0.0;          ///< mean over rows
  Interval interval;           ///< 95 %, by a bootstrap of groups
  std::size_t voters = 0;      ///< neighbours that vote, of each row: see voters_of
  std::vector<std::size_t> vote;  ///< the commonest label of voters; the first of equals
  double vote_accuracy = 0.0;     ///< share of rows whose vote is their label
  Interval vote_interval;         ///< 95 % (wilson_interval)
  double chance = 0.0;            ///< mean purity after labels were exchanged between groups
  double p = 1.0;                 ///< share of such purities that are as large; at least 1/1000
};

/// How many other rows have each row's label and are not of its group.
[[nodiscard]] std::vector<std::size_t> others_with_label(const KnownRows& known);

/// How many neighbours vote: at most as many as others have the label of any row. With more, a label
/// of few rows could not win a vote, wherever they lie. Labels of one group only do not count: they
/// cannot win any.
/// @param neighbours  of each row
[[nodiscard]] std::size_t voters_of(const KnownRows& known, std::size_t neighbours);

/// The commonest label of a row's nearest neighbours; the first of equals. No label without
/// neighbours.
/// @param voters  how many vote.
[[nodiscard]] std::size_t vote_of(const RowNeighbours& neighbours, std::size_t voters,
                                  std::span<const std::size_t> labels);

/// Measures purity. Its chance exchanges the labels 999 times, as with_shuffled_classes does.
/// @param voters  how many neighbours vote.
/// @pre there is a row with a neighbour
[[nodiscard]] Purity purity_of(const std::vector<RowNeighbours>& neighbours, const KnownRows& known,
                               std::size_t voters, std::uint64_t seed);

/// How often each row is a neighbour of others.
[[nodiscard]] std::vector<std::size_t> times_neighbour(
    const std::vector<RowNeighbours>& neighbours);

/// The skewness of times_neighbour (Radovanović et al., J. Mach. Learn. Res. 11, 2010): above about 1,
/// few rows are neighbours of many others, and neighbours say little.
[[nodiscard]] double hubness_of(std::span<const std::size_t> times);

/// The silhouette of each row (Rousseeuw, J. Comput. Appl. Math. 20, 1987) for the distance
/// 1 - cosine: from -1, in the wrong part, to 1. Rows of the same group do not count. 0 where no other
/// group has the same part.
/// @param parts  of each row, from 0: labels or clusters.
[[nodiscard]] std::vector<double> silhouettes(const KnownRows& known,
                                              std::span<const std::size_t> parts);

}  // namespace relax_spectro
