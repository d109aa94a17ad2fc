#include "space/neighbours.hpp"

#include <algorithm>
#include <span>

#include "base/row_matrix.hpp"

namespace relax_spectro {
namespace {

/// Calls `take(row, its cosines with all others)`. One matrix product for each panel of rows is fast.
template <typename Take>
void for_each_row_of_cosines(const Array2d<double>& vectors, const Array2d<double>& others,
                             const Take& take) {
  constexpr Eigen::Index kPanel = 256;
  const auto rows = matrix_of(vectors);
  for (Eigen::Index begin = 0; begin < rows.rows(); begin += kPanel) {
    const RowMatrix cosines = rows.middleRows(begin, std::min(kPanel, rows.rows() - begin)) *
                              matrix_of(others).transpose();
    for (Eigen::Index i = 0; i < cosines.rows(); ++i) {
      take(static_cast<std::size_t>(begin + i), std::span(cosines.row(i).data(), others.rows));
    }
  }
}

bool is_nearer(const Neighbour& a, const Neighbour& b) {
  return a.cosine != b.cosine ? a.cosine > b.cosine : a.row < b.row;
}

RowNeighbours neighbours_of(std::size_t row, std::span<const double> cosines,
                            const KnownRows& known, std::size_t count) {
  std::vector<Neighbour> others;
  for (std::size_t j = 0; j < cosines.size(); ++j) {
    if (known.groups[j] != known.groups[row]) others.push_back({j, cosines[j]});
  }
  const auto nearest_with = [&](bool same) {
    std::optional<Neighbour> nearest;
    for (const Neighbour& other : others) {
      if ((known.labels[other.row] == known.labels[row]) != same) continue;
      if (!nearest || is_nearer(other, *nearest)) nearest = other;
    }
    return nearest;
  };
  RowNeighbours found{{}, nearest_with(true), nearest_with(false)};
  const auto end = others.begin() + static_cast<std::ptrdiff_t>(std::min(count, others.size()));
  std::partial_sort(others.begin(), end, others.end(), is_nearer);
  found.nearest.assign(others.begin(), end);
  return found;
}

}  // namespace

std::vector<RowNeighbours> find_neighbours(const KnownRows& known, std::size_t count) {
  return find_neighbours(known, count, known.vectors);
}

std::vector<RowNeighbours> find_neighbours(const KnownRows& known, std::size_t count,
                                           const Array2d<double>& copies) {
  std::vector<RowNeighbours> found;
  for_each_row_of_cosines(copies, known.vectors,
                          [&](std::size_t row, std::span<const double> cosines) {
                            found.push_back(neighbours_of(row, cosines, known, count));
                          });
  return found;
}

}  // namespace relax_spectro
