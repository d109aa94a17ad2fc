#include "space/tsne.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/row_matrix.hpp"

namespace relax_spectro {
namespace {

using Eigen::ArrayXd;
using Eigen::Index;
using Eigen::MatrixXd;
using Plane = Eigen::Array<double, Eigen::Dynamic, 2>;

constexpr int kSteps = 1000;
constexpr int kExaggerated = 250;
constexpr double kExaggeration = 12.0;
constexpr double kStartDeviation = 1e-4;
constexpr double kLeast = std::numeric_limits<double>::epsilon();  // of a similarity

/// How likely a row is to choose each other row as its neighbour, with a given perplexity.
/// @param distances  squared, to all rows.
ArrayXd choices_of(ArrayXd distances, Index row, double perplexity) {
  constexpr int kMostTries = 100;
  constexpr double kTolerance = 1e-5;
  distances[row] = std::numeric_limits<double>::infinity();
  distances -= distances.minCoeff();  // so that the nearest never vanishes
  distances[row] = 0.0;
  ArrayXd choices;
  double precision = 1.0;
  double low = 0.0;
  double high = std::numeric_limits<double>::infinity();
  for (int tried = 0; tried < kMostTries; ++tried) {
    choices = (-precision * distances).exp();
    choices[row] = 0.0;
    const double sum = choices.sum();
    choices /= sum;
    const double excess =
        std::log(sum) + precision * (distances * choices).sum() - std::log(perplexity);
    if (std::abs(excess) <= kTolerance) break;
    (excess > 0.0 ? low : high) = precision;
    precision = std::isinf(high) ? 2.0 * precision : (low + high) / 2.0;
  }
  return choices;
}

/// The similarity of each pair. All sum to 1.
MatrixXd similarities_of(const MatrixXd& rows) {
  const Index count = rows.rows();
  const double perplexity = tsne_perplexity(static_cast<std::size_t>(count));
  MatrixXd similarities(count, count);
  for (Index i = 0; i < count; ++i) {
    similarities.col(i) =
        choices_of((rows.rowwise() - rows.row(i)).rowwise().squaredNorm(), i, perplexity);
  }
  for (Index i = 0; i < count; ++i) {
    for (Index j = 0; j < i; ++j) {
      const double both = similarities(i, j) + similarities(j, i);
      similarities(i, j) = similarities(j, i) =
          std::max(both / (2.0 * static_cast<double>(count)), kLeast);
    }
  }
  return similarities;
}

/// How near a point is to all others: 1 at no distance, 0 to itself.
ArrayXd nearness(const Plane& points, Index i) {
  ArrayXd near = 1.0 / (1.0 + (points.col(0) - points(i, 0)).square() +
                        (points.col(1) - points(i, 1)).square());
  near[i] = 0.0;
  return near;
}

/// The direction in which the divergence grows.
Plane gradient_of(const MatrixXd& similarities, double exaggeration, const Plane& points) {
  Plane pull(points.rows(), 2);
  Plane push(points.rows(), 2);
  double sum = 0.0;
  ArrayXd way;
  for (Index i = 0; i < points.rows(); ++i) {
    const ArrayXd near = nearness(points, i);
    sum += near.sum();
    for (Index k = 0; k < 2; ++k) {
      way = near * (points(i, k) - points.col(k));
      pull(i, k) = (similarities.col(i).array() * way).sum();
      push(i, k) = (near * way).sum();
    }
  }
  return 4.0 * (exaggeration * pull - push / sum);
}

double divergence_of(const MatrixXd& similarities, const Plane& points) {
  double sum = 0.0;
  for (Index i = 0; i < points.rows(); ++i) sum += nearness(points, i).sum();
  double divergence = 0.0;
  for (Index i = 0; i < points.rows(); ++i) {
    const ArrayXd near = nearness(points, i);
    for (Index j = 0; j < points.rows(); ++j) {
      if (i == j) continue;
      divergence +=
          similarities(j, i) * std::log(similarities(j, i) / std::max(near[j] / sum, kLeast));
    }
  }
  return divergence;
}

}  // namespace

double tsne_perplexity(std::size_t rows) {
  return std::min(30.0, (static_cast<double>(rows) - 1.0) / 3.0);
}

TsnePoints tsne(const Array2d<double>& vectors, const Array2d<double>& start) {
  const MatrixXd similarities = similarities_of(matrix_of(vectors));
  Plane points = matrix_of(start).array();
  const Index count = points.rows();
  const double rate = std::max(static_cast<double>(count) / (4.0 * kExaggeration), 50.0);
  const ArrayXd first = points.col(0) - points.col(0).mean();
  const double deviation = std::sqrt(first.square().mean());
  if (deviation > 0.0) points *= kStartDeviation / deviation;
  Plane update = Plane::Zero(count, 2);
  Plane gains = Plane::Ones(count, 2);
  for (int step = 0; step < kSteps; ++step) {
    if (step == kExaggerated) {
      update.setZero();
      gains.setOnes();
    }
    const bool is_early = step < kExaggerated;
    const Plane gradient = gradient_of(similarities, is_early ? kExaggeration : 1.0, points);
    gains = (update * gradient < 0.0).select(gains + 0.2, (gains * 0.8).max(0.01));
    update = (is_early ? 0.5 : 0.8) * update - rate * gains * gradient;
    points += update;
  }
  TsnePoints placed{Array2d<double>(vectors.rows, 2), divergence_of(similarities, points)};
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      placed.points(i, k) = points(static_cast<Index>(i), static_cast<Index>(k));
    }
  }
  return placed;
}

}  // namespace relax_spectro
