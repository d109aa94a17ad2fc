#include "space/picture.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "base/enum_names.hpp"
#include "base/row_matrix.hpp"
#include "space/tsne.hpp"

namespace relax_spectro {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;

constexpr std::size_t kNeighbours = 10;
constexpr std::size_t kMostCompared = 2000;

constexpr core::EnumNames kProjections{
    "--project", std::array{std::pair{Projection::pca, std::string_view("pca")},
                            std::pair{Projection::tsne, std::string_view("tsne")}}};

/// The two axes with the most variance, [size, 2]: from the smaller of both product matrices.
MatrixXd axes_of(const MatrixXd& centred) {
  const Index count = std::min<Index>(2, std::min(centred.rows(), centred.cols()));
  MatrixXd axes = MatrixXd::Zero(centred.cols(), 2);
  if (centred.cols() <= centred.rows()) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(centred.transpose() * centred);
    axes.leftCols(count) = solver.eigenvectors().rowwise().reverse().leftCols(count);
  } else {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(centred * centred.transpose());
    axes.leftCols(count) =
        centred.transpose() * solver.eigenvectors().rowwise().reverse().leftCols(count);
    axes.leftCols(count).colwise().normalize();
  }
  for (Index k = 0; k < 2; ++k) {
    Index largest = 0;
    axes.col(k).cwiseAbs().maxCoeff(&largest);
    if (axes(largest, k) < 0.0) axes.col(k) *= -1.0;
  }
  return axes;
}

/// Some rows at even steps.
MatrixXd thinned(const Array2d<double>& rows) {
  const MatrixXd all = matrix_of(rows);
  const std::size_t count = std::min(rows.rows, kMostCompared);
  MatrixXd kept(static_cast<Index>(count), all.cols());
  for (std::size_t i = 0; i < count; ++i) {
    kept.row(static_cast<Index>(i)) = all.row(static_cast<Index>(i * rows.rows / count));
  }
  return kept;
}

/// The other rows, the nearest first.
std::vector<Index> by_distance(const MatrixXd& rows, Index row) {
  const Eigen::VectorXd distances = (rows.rowwise() - rows.row(row)).rowwise().squaredNorm();
  std::vector<Index> order(static_cast<std::size_t>(rows.rows()));
  std::iota(order.begin(), order.end(), Index{0});
  std::erase(order, row);
  std::ranges::stable_sort(order, {}, [&](Index other) { return distances[other]; });
  return order;
}

}  // namespace

Projection parse_projection(std::string_view name) { return kProjections.parse(name); }
std::string_view to_string(Projection projection) { return kProjections.name_of(projection); }

PrincipalAxes principal_axes(const Array2d<double>& vectors) {
  const Eigen::RowVectorXd mean = matrix_of(vectors).colwise().mean();
  const MatrixXd centred = matrix_of(vectors).rowwise() - mean;
  const MatrixXd axes = axes_of(centred);
  const double all = centred.squaredNorm();
  PrincipalAxes found{{mean.begin(), mean.end()}, Array2d<double>(2, vectors.columns), {}};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto axis = axes.col(static_cast<Index>(k));
    std::copy(axis.begin(), axis.end(), found.axes.row(k).begin());
    found.shares.at(k) = all > 0.0 ? (centred * axis).squaredNorm() / all : 0.0;
  }
  return found;
}

Array2d<double> PrincipalAxes::points_of(const Array2d<double>& vectors) const {
  const Eigen::Map<const Eigen::RowVectorXd> centre(mean.data(), static_cast<Index>(mean.size()));
  const RowMatrix placed = (matrix_of(vectors).rowwise() - centre) * matrix_of(axes).transpose();
  Array2d<double> points(vectors.rows, 2);
  std::copy(placed.data(), placed.data() + placed.size(), points.values.begin());
  return points;
}

Picture picture_of(const Array2d<double>& vectors, Projection projection) {
  Picture picture;
  picture.projection = projection;
  picture.axes = principal_axes(vectors);
  picture.points = picture.axes.points_of(vectors);
  if (projection == Projection::tsne) {
    TsnePoints placed = tsne(vectors, picture.points);
    picture.points = std::move(placed.points);
    picture.divergence = placed.divergence;
  }
  const std::size_t neighbours =
      std::min(kNeighbours, (std::min(vectors.rows, kMostCompared) - 1) / 2);
  picture.trustworthiness = trustworthiness(vectors, picture.points, neighbours);
  picture.continuity = trustworthiness(picture.points, vectors, neighbours);
  return picture;
}

double trustworthiness(const Array2d<double>& first, const Array2d<double>& second,
                       std::size_t neighbours) {
  if (neighbours == 0) return 1.0;
  const MatrixXd in_first = thinned(first);
  const MatrixXd in_second = thinned(second);
  const auto count = static_cast<double>(in_first.rows());
  const auto k = static_cast<double>(neighbours);
  double excess = 0.0;
  std::vector<std::size_t> ranks(static_cast<std::size_t>(in_first.rows()), 0);
  for (Index i = 0; i < in_first.rows(); ++i) {
    const std::vector<Index> order = by_distance(in_first, i);
    for (std::size_t r = 0; r < order.size(); ++r) {
      ranks[static_cast<std::size_t>(order[r])] = r + 1;
    }
    const std::vector<Index> drawn = by_distance(in_second, i);
    for (std::size_t r = 0; r < neighbours; ++r) {
      excess += std::max(0.0, static_cast<double>(ranks[static_cast<std::size_t>(drawn[r])]) - k);
    }
  }
  return 1.0 - excess * 2.0 / (count * k * (2.0 * count - 3.0 * k - 1.0));
}

}  // namespace relax_spectro
