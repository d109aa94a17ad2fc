#include "space/unit_vectors.hpp"

#include <cmath>
#include <span>

namespace relax_spectro {

UnitVectors unit_vectors(const Array2d<double>& embeddings) {
  UnitVectors result{std::vector<double>(embeddings.columns, 0.0), embeddings};
  const auto count = static_cast<double>(embeddings.rows);
  for (std::size_t i = 0; i < embeddings.rows; ++i) {
    for (std::size_t c = 0; c < embeddings.columns; ++c) result.mean[c] += embeddings(i, c) / count;
  }
  for (std::size_t i = 0; i < embeddings.rows; ++i) {
    const std::span<double> row = result.rows.row(i);
    double squares = 0.0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] -= result.mean[c];
      squares += row[c] * row[c];
    }
    if (squares == 0.0) continue;
    for (double& value : row) value /= std::sqrt(squares);
  }
  return result;
}

}  // namespace relax_spectro
