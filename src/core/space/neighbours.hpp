#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Vectors of recordings, and what is known of these.
struct KnownRows {
  Array2d<double> vectors;          ///< [row, size], of length 1: see unit_vectors
  std::vector<std::size_t> labels;  ///< of each row, from 0
  std::vector<std::size_t> groups;  ///< of each row, from 0, without gaps
};

struct Neighbour {
  std::size_t row = 0;
  double cosine = 0.0;
};

/// The rows of other groups that are most similar to a row. Of equals the first comes first.
struct RowNeighbours {
  std::vector<Neighbour> nearest;  ///< the most similar first; fewer if other groups have fewer
  std::optional<Neighbour> same_label;   ///< the nearest; nothing if no other group has it
  std::optional<Neighbour> other_label;  ///< the same
};

/// Compares all pairs of rows.
/// @param count  neighbours of each row.
[[nodiscard]] std::vector<RowNeighbours> find_neighbours(const KnownRows& known, std::size_t count);

/// The same for changed copies, one of each row.
/// @param copies  vectors as KnownRows::vectors.
[[nodiscard]] std::vector<RowNeighbours> find_neighbours(const KnownRows& known, std::size_t count,
                                                         const Array2d<double>& copies);

}  // namespace relax_spectro
