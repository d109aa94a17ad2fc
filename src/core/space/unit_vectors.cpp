#include "space/unit_vectors.hpp"

#include <cmath>
#include <span>
#include <utility>

namespace relax_spectro {

Array2d<double> unit_vectors(Array2d<double> embeddings, const std::vector<double>& mean) {
  for (std::size_t i = 0; i < embeddings.rows; ++i) {
    const std::span<double> row = embeddings.row(i);
    double squares = 0.0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] -= mean[c];
      squares += row[c] * row[c];
    }
    if (squares == 0.0) continue;
    for (double& value : row) value /= std::sqrt(squares);
  }
  return embeddings;
}

UnitVectors unit_vectors(const Array2d<double>& embeddings) {
  std::vector<double> mean(embeddings.columns, 0.0);
  const auto count = static_cast<double>(embeddings.rows);
  for (std::size_t i = 0; i < embeddings.rows; ++i) {
    for (std::size_t c = 0; c < embeddings.columns; ++c) mean[c] += embeddings(i, c) / count;
  }
  Array2d<double> rows = unit_vectors(embeddings, mean);
  return {std::move(mean), std::move(rows)};
}

}  // namespace relax_spectro
