#pragma once

#include <Eigen/Dense>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Rows as a matrix of Eigen, without a copy.
[[nodiscard]] inline Eigen::Map<const RowMatrix> matrix_of(const Array2d<double>& rows) {
  return {rows.values.data(), static_cast<Eigen::Index>(rows.rows),
          static_cast<Eigen::Index>(rows.columns)};
}

}  // namespace relax_spectro
