#include "probe/logistic_fit.hpp"

#include <fmt/format.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

using Eigen::Index;
using Eigen::VectorXd;
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixView = Eigen::Map<const Matrix>;

// Far below kLargestErrorBound, so that probabilities agree to more digits than weights.
constexpr double kAimedErrorBound = 1e-9;
constexpr double kLeftOver = 1e-2;   // of the gradient after a Newton step
constexpr double kLeastGain = 1e-2;  // of a whole step, over the gradient

Index to_index(std::size_t value) { return static_cast<Index>(value); }

MatrixView view(const Array2d<double>& array) {
  return {array.values.data(), to_index(array.rows), to_index(array.columns)};
}

/// The objective near some parameters.
struct Linearisation {
  Matrix probabilities;  // [row, class]
  Matrix slope;          // the gradient, [class, feature + bias]
};

/// The objective over the classes that have rows. Its parameters are [class, feature + bias].
struct Objective {
  Matrix features;  // [row, feature + 1]; the last column is 1
  Matrix truth;     // [row, class]: the row's share of the weight at its class
  VectorXd shares;  // of each row in the sum of weights
  double penalty = 0.0;

  [[nodiscard]] Linearisation at(const Matrix& parameters) const {
    Linearisation here;
    Matrix scores = features * parameters.transpose();
    scores = (scores.colwise() - scores.rowwise().maxCoeff().eval()).array().exp();
    here.probabilities = scores.array().colwise() / scores.rowwise().sum().array();
    here.slope = back_to_parameters(shares.asDiagonal() * here.probabilities - truth, parameters);
    return here;
  }

  /// The gradient's change along a direction. @param probabilities  [row, class], at the parameters
  [[nodiscard]] Matrix curvature(const Matrix& probabilities, const Matrix& direction) const {
    const Matrix change = features * direction.transpose();
    const VectorXd mean = (probabilities.array() * change.array()).rowwise().sum();
    const Matrix moved = probabilities.array() * (change.colwise() - mean).array();
    return back_to_parameters(shares.asDiagonal() * moved, direction);
  }

 private:
  /// The slopes by parameters from those by scores, and the penalty's.
  template <typename Slopes>
  [[nodiscard]] Matrix back_to_parameters(const Slopes& by_score, const auto& parameters) const {
    Matrix slopes = by_score.transpose() * features;
    slopes.leftCols(slopes.cols() - 1) += penalty * parameters.leftCols(slopes.cols() - 1);
    return slopes;
  }
};

struct Solution {
  Matrix parameters;
  std::size_t iterations = 0;
  double gradient_norm = 0.0;
};

/// The solution of curvature(x) = slope, by conjugate gradients.
Matrix newton_step(const Objective& objective, const Linearisation& here) {
  Matrix step = Matrix::Zero(here.slope.rows(), here.slope.cols());
  Matrix residual = here.slope;
  Matrix direction = residual;
  double squares = residual.squaredNorm();
  const double enough = kLeftOver * kLeftOver * squares;
  for (Index i = 0; i < here.slope.size() && squares > enough; ++i) {
    const Matrix curved = objective.curvature(here.probabilities, direction);
    const double length = squares / (direction.array() * curved.array()).sum();
    step += length * direction;
    residual -= length * curved;
    const double before = squares;
    squares = residual.squaredNorm();
    direction = residual + squares / before * direction;
  }
  return step;
}

/// Newton's method. A step is halved until it makes the gradient smaller, which short ones do.
Solution minimise(const Objective& objective) {
  Solution solution{Matrix::Zero(objective.truth.cols(), objective.features.cols())};
  Linearisation here = objective.at(solution.parameters);
  constexpr double kShortest = 1e-6;  // a shorter step gains nothing but rounding error
  double length = 1.0;
  while (here.slope.norm() > kAimedErrorBound * objective.penalty && length > kShortest) {
    const Matrix step = newton_step(objective, here);
    for (length = 1.0; length > kShortest; length /= 2.0) {
      const Matrix parameters = solution.parameters - length * step;
      Linearisation there = objective.at(parameters);
      if (there.slope.norm() > (1.0 - kLeastGain * length) * here.slope.norm()) continue;
      solution.parameters = parameters;
      here = std::move(there);
      ++solution.iterations;
      break;
    }
  }
  solution.gradient_norm = here.slope.norm();
  return solution;
}

/// How features become standardised ones: (x - mean) / sd.
struct Scaling {
  Eigen::RowVectorXd mean;
  Eigen::RowVectorXd sd;
};

/// As scikit-learn's StandardScaler with weights.
Scaling scaling_of(const MatrixView& features, const VectorXd& shares, bool standardise) {
  Scaling scaling{Eigen::RowVectorXd::Zero(features.cols()),
                  Eigen::RowVectorXd::Ones(features.cols())};
  if (!standardise) return scaling;
  scaling.mean = shares.transpose() * features;
  scaling.sd = (shares.transpose() * (features.rowwise() - scaling.mean).array().square().matrix())
                   .array()
                   .sqrt();
  // A constant feature has only rounding error.
  const auto is_constant = scaling.sd.array() <= 1e-12 * scaling.mean.array().abs();
  scaling.sd = is_constant.select(1.0, scaling.sd);
  return scaling;
}

std::vector<std::size_t> classes_with_rows(const LabelledRows& rows) {
  std::vector<bool> has_rows(rows.class_count, false);
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    if (rows.weights[i] > 0.0) has_rows[rows.classes[i]] = true;
  }
  std::vector<std::size_t> classes;
  for (std::size_t k = 0; k < has_rows.size(); ++k) {
    if (has_rows[k]) classes.push_back(k);
  }
  core::require(classes.size() >= 2,
                fmt::format("{} of {} classes have recordings to learn from; expected 2 or more",
                            classes.size(), rows.class_count));
  return classes;
}

/// Shares of rows of which each class that has any has the same sum.
VectorXd balanced_shares(const LabelledRows& rows, const VectorXd& shares) {
  VectorXd sums = VectorXd::Zero(to_index(rows.class_count));
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    sums[to_index(rows.classes[i])] += shares[to_index(i)];
  }
  const auto classes = static_cast<double>((sums.array() > 0.0).count());
  VectorXd balanced = shares;
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    if (shares[to_index(i)] > 0.0) {
      balanced[to_index(i)] /= classes * sums[to_index(rows.classes[i])];
    }
  }
  return balanced;
}

LabelledRows windows_as_rows(const LabelledRows& rows) {
  LabelledRows windows;
  windows.features = rows.windows.features;
  windows.class_count = rows.class_count;
  for (const std::size_t row : rows.windows.row_of) {
    windows.classes.push_back(rows.classes[row]);
    windows.weights.push_back(rows.weights[row]);
    windows.groups.push_back(rows.groups[row]);
  }
  return windows;
}

}  // namespace

LabelledRows LabelledRows::at(const std::vector<std::size_t>& rows) const {
  LabelledRows some;
  some.features = Array2d<double>(rows.size(), features.columns);
  some.class_count = class_count;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::ranges::copy(features.row(rows[i]), some.features.row(i).begin());
    some.classes.push_back(classes[rows[i]]);
    some.weights.push_back(weights[rows[i]]);
    some.groups.push_back(groups[rows[i]]);
  }
  std::map<std::size_t, std::size_t> places;
  for (std::size_t i = 0; i < rows.size(); ++i) places[rows[i]] = i;
  for (std::size_t w = 0; w < windows.row_of.size(); ++w) {
    const auto place = places.find(windows.row_of[w]);
    if (place == places.end()) continue;
    some.windows.row_of.push_back(place->second);
    append_row(some.windows.features, windows.features.row(w));
  }
  return some;
}

Array2d<double> LogisticFit::logits(const Array2d<double>& features) const {
  Array2d<double> logits(features.rows, bias.size());
  Eigen::Map<Matrix>(logits.values.data(), to_index(logits.rows), to_index(logits.columns)) =
      (view(features) * view(weights).transpose()).rowwise() +
      Eigen::Map<const Eigen::RowVectorXd>(bias.data(), to_index(bias.size()));
  return logits;
}

LogisticFit fit_logistic(const LabelledRows& rows, const LogisticOptions& options) {
  if (!rows.windows.row_of.empty()) return fit_logistic(windows_as_rows(rows), options);
  core::require(options.c > 0.0 && std::isfinite(options.c),
                fmt::format("C is {}, expected a number above 0", options.c));
  const std::vector<std::size_t> classes = classes_with_rows(rows);
  const MatrixView features = view(rows.features);
  const Eigen::Map<const VectorXd> row_weights(rows.weights.data(), features.rows());
  const double total = row_weights.sum();
  const VectorXd shares = row_weights / total;
  Objective objective;
  objective.shares = options.balanced ? balanced_shares(rows, shares) : shares;
  objective.penalty = (classes.size() == 2 ? 2.0 : 1.0) / (options.c * total);
  const Scaling scaling = scaling_of(features, shares, options.standardise);
  objective.features = Matrix::Ones(features.rows(), features.cols() + 1);
  objective.features.leftCols(features.cols()) =
      (features.rowwise() - scaling.mean).array().rowwise() / scaling.sd.array();
  objective.truth = Matrix::Zero(features.rows(), to_index(classes.size()));
  for (std::size_t i = 0; i < rows.classes.size(); ++i) {
    const auto found = std::ranges::lower_bound(classes, rows.classes[i]);
    if (rows.weights[i] > 0.0) {
      objective.truth(to_index(i), found - classes.begin()) = objective.shares[to_index(i)];
    }
  }
  const Solution solution = minimise(objective);

  LogisticFit fit;
  fit.weights = Array2d<double>(rows.class_count, rows.features.columns);
  fit.bias.assign(rows.class_count, -std::numeric_limits<double>::infinity());
  for (std::size_t k = 0; k < classes.size(); ++k) {
    const auto row = solution.parameters.row(to_index(k));
    const Eigen::RowVectorXd raw = row.head(features.cols()).array() / scaling.sd.array();
    std::ranges::copy(raw, fit.weights.row(classes[k]).begin());
    fit.bias[classes[k]] = row[features.cols()] - raw.dot(scaling.mean);
  }
  fit.iterations = solution.iterations;
  fit.gradient_norm = solution.gradient_norm;
  fit.error_bound = solution.gradient_norm / objective.penalty;
  return fit;
}

}  // namespace relax_spectro
