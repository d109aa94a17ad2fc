#include "base/ridge_regression.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace relax_spectro::core {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

Index to_index(std::size_t value) { return static_cast<Index>(value); }

/// Calls `take(first row, panel)` for panels of rows: [feature, row]. One matrix product for each
/// is fast.
template <typename Take>
void for_each_panel(const FeatureRows& rows, const Take& take) {
  constexpr std::size_t kPanel = 256;
  for (std::size_t begin = 0; begin < rows.rows; begin += kPanel) {
    MatrixXd panel(to_index(rows.features), to_index(std::min(kPanel, rows.rows - begin)));
    for (Index i = 0; i < panel.cols(); ++i) {
      rows.write(begin + static_cast<std::size_t>(i), {panel.col(i).data(), rows.features});
    }
    take(to_index(begin), panel);
  }
}

/// One target, expressed along the eigenvectors of the features.
struct SpectralTarget {
  const VectorXd& strengths;  // the eigenvalues of the features' products
  VectorXd along;             // the target's cross product with each eigenvector
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

RidgeRegression::RidgeRegression(FeatureRows rows) : rows_(std::move(rows)) {
  const Index features = to_index(rows_.features);
  MatrixXd products = MatrixXd::Zero(features, features);
  means_ = VectorXd::Zero(features);
  for_each_panel(rows_, [&](Index, const MatrixXd& panel) {
    means_ += panel.rowwise().sum();
    products.selfadjointView<Eigen::Lower>().rankUpdate(panel);
  });
  const auto count = static_cast<double>(rows_.rows);
  means_ /= count;
  products.selfadjointView<Eigen::Lower>().rankUpdate(means_, -count);
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(products);  // reads only the lower half
  strengths_ = solver.eigenvalues().cwiseMax(0.0);
  axes_ = solver.eigenvectors();
}

std::vector<LinearFit> RidgeRegression::fits(std::span<const std::vector<double>> targets) const {
  MatrixXd centred(to_index(rows_.rows), to_index(targets.size()));
  for (Index t = 0; t < centred.cols(); ++t) {
    centred.col(t) = VectorXd::Map(targets[static_cast<std::size_t>(t)].data(), centred.rows());
  }
  const Eigen::RowVectorXd target_means = centred.colwise().mean();
  centred.rowwise() -= target_means;
  MatrixXd cross_products = MatrixXd::Zero(means_.size(), centred.cols());
  for_each_panel(rows_, [&](Index begin, const MatrixXd& panel) {
    cross_products.noalias() += panel * centred.middleRows(begin, panel.cols());
  });
  std::vector<LinearFit> fits;
  for (Index t = 0; t < centred.cols(); ++t) {
    const SpectralTarget target{strengths_, axes_.transpose() * cross_products.col(t),
                                centred.col(t).squaredNorm(), static_cast<double>(rows_.rows)};
    const double penalty = best_penalty(target);
    const VectorXd slopes =
        axes_ * (target.along.array() / (strengths_.array() + penalty)).matrix();
    const double freedom = (strengths_.array() / (strengths_.array() + penalty)).sum();
    fits.push_back({target_means[t] - slopes.dot(means_),
                    std::vector<double>(slopes.begin(), slopes.end()), penalty, 1.0 + freedom,
                    target.left_over(penalty) / std::max(1.0, target.rows - 1.0 - freedom)});
  }
  return fits;
}

std::vector<double> RidgeRegression::slope_covariance(const LinearFit& fit) const {
  const VectorXd weights = strengths_.array() / (strengths_.array() + fit.penalty).square();
  const MatrixXd covariance =
      fit.residual_variance * (axes_ * weights.asDiagonal() * axes_.transpose());
  return {covariance.reshaped().begin(), covariance.reshaped().end()};
}

}  // namespace relax_spectro::core
