#include "base/ridge_regression.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace relax_spectro::core {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

Index to_index(std::size_t value) { return static_cast<Index>(value); }

/// The sums over rows that a fit needs.
struct CentredSums {
  VectorXd feature_means;
  VectorXd target_means;
  MatrixXd products;        // [feature, feature], of features minus their means
  MatrixXd cross_products;  // [feature, target]
  VectorXd target_squares;
};

CentredSums sum_up(const RidgeProblem& problem) {
  const Index features = to_index(problem.features);
  const Index targets = to_index(problem.targets.size());
  const auto rows = static_cast<double>(problem.rows);
  CentredSums sums;
  sums.target_means = VectorXd::Zero(targets);
  for (Index t = 0; t < targets; ++t) {
    const std::vector<double>& values = problem.targets[static_cast<std::size_t>(t)];
    sums.target_means[t] = std::accumulate(values.begin(), values.end(), 0.0) / rows;
  }
  sums.target_squares = VectorXd::Zero(targets);
  sums.products = MatrixXd::Zero(features, features);
  sums.cross_products = MatrixXd::Zero(features, targets);
  VectorXd feature_sums = VectorXd::Zero(features);
  // Rows are added in panels, because one matrix product per panel is fast.
  constexpr std::size_t kPanel = 256;
  for (std::size_t begin = 0; begin < problem.rows; begin += kPanel) {
    const std::size_t count = std::min(kPanel, problem.rows - begin);
    MatrixXd panel(features, to_index(count));
    MatrixXd values(to_index(count), targets);
    for (std::size_t i = 0; i < count; ++i) {
      problem.write_features(begin + i, {panel.col(to_index(i)).data(), problem.features});
      for (Index t = 0; t < targets; ++t) {
        values(to_index(i), t) =
            problem.targets[static_cast<std::size_t>(t)][begin + i] - sums.target_means[t];
      }
    }
    feature_sums += panel.rowwise().sum();
    sums.products.selfadjointView<Eigen::Lower>().rankUpdate(panel);
    sums.cross_products.noalias() += panel * values;
    sums.target_squares += values.colwise().squaredNorm().transpose();
  }
  sums.feature_means = feature_sums / rows;
  sums.products.selfadjointView<Eigen::Lower>().rankUpdate(sums.feature_means, -rows);
  return sums;
}

/// One target, expressed along the eigenvectors of the features.
struct SpectralTarget {
  VectorXd strengths;  // the eigenvalues of the features' products
  VectorXd along;      // the target's cross product with each eigenvector
  double squares = 0.0;
  double rows = 0.0;

  /// The sum of the squared residuals.
  [[nodiscard]] double left_over(double penalty) const {
    double left = squares;
    for (Index k = 0; k < strengths.size(); ++k) {
      if (strengths[k] + penalty <= 0.0) continue;
      const double kept = strengths[k] / (strengths[k] + penalty);
      left -= along[k] * along[k] / (strengths[k] + penalty) * (2.0 - kept);
    }
    return std::max(0.0, left);
  }

  /// The prediction error that generalised cross-validation estimates. Infinite if the fit leaves
  /// almost no degrees of freedom.
  [[nodiscard]] double cross_validation(double penalty) const {
    double left = squares;
    double freedom = rows - 1.0;
    for (Index k = 0; k < strengths.size(); ++k) {
      if (strengths[k] + penalty <= 0.0) continue;
      const double kept = strengths[k] / (strengths[k] + penalty);
      left -= along[k] * along[k] / (strengths[k] + penalty) * (2.0 - kept);
      freedom -= kept;
    }
    constexpr double kLeastFreedom = 1e-3;
    if (freedom < kLeastFreedom * rows) return std::numeric_limits<double>::infinity();
    return std::max(0.0, left) * rows / (freedom * freedom);
  }
};

/// Searches from no penalty to one that shrinks the strongest axis to nothing.
double best_penalty(const SpectralTarget& target) {
  constexpr double kWeakest = 1e-10;  // a weaker axis is rounding error, which only a penalty
                                      // controls
  const double strongest = target.strengths.size() == 0 ? 0.0 : target.strengths.maxCoeff();
  if (strongest <= 0.0) return 1.0;
  double best = 0.0;
  double least = std::numeric_limits<double>::infinity();
  if (target.strengths.minCoeff() > kWeakest * strongest) least = target.cross_validation(0.0);
  constexpr int kSteps = 48;
  for (int step = 0; step <= kSteps; ++step) {
    const double penalty = strongest * std::pow(10.0, -6.0 + 12.0 * step / kSteps);
    const double error = target.cross_validation(penalty);
    if (error < least || (step == kSteps && !std::isfinite(least))) {
      least = error;
      best = penalty;
    }
  }
  return best;
}

}  // namespace

double LinearFit::at(std::span<const double> features) const {
  return std::inner_product(slopes.begin(), slopes.end(), features.begin(), intercept);
}

std::vector<LinearFit> ridge_fits(const RidgeProblem& problem) {
  const CentredSums sums = sum_up(problem);
  const Eigen::SelfAdjointEigenSolver<MatrixXd> axes(sums.products);  // reads only the lower half
  std::vector<LinearFit> fits;
  for (Index t = 0; t < sums.target_means.size(); ++t) {
    SpectralTarget target;
    target.strengths = axes.eigenvalues().cwiseMax(0.0);
    target.along = axes.eigenvectors().transpose() * sums.cross_products.col(t);
    target.squares = sums.target_squares[t];
    target.rows = static_cast<double>(problem.rows);
    const double penalty = best_penalty(target);
    const VectorXd shrunken = target.along.array() / (target.strengths.array() + penalty);
    const VectorXd slopes = axes.eigenvectors() * shrunken;
    const double freedom = (target.strengths.array() / (target.strengths.array() + penalty)).sum();
    const VectorXd weights =
        target.strengths.array() / (target.strengths.array() + penalty).square();
    const double left = target.left_over(penalty) / std::max(1.0, target.rows - 1.0 - freedom);
    const MatrixXd covariance =
        left * (axes.eigenvectors() * weights.asDiagonal() * axes.eigenvectors().transpose());
    fits.push_back({sums.target_means[t] - slopes.dot(sums.feature_means),
                    std::vector<double>(slopes.begin(), slopes.end()),
                    std::vector<double>(covariance.reshaped().begin(), covariance.reshaped().end()),
                    1.0 + freedom});
  }
  return fits;
}

}  // namespace relax_spectro::core
