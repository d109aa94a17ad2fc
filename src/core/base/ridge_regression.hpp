#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace relax_spectro::core {

/// target = intercept + sum_k slopes[k] feature[k].
struct LinearFit {
  double intercept = 0.0;
  std::vector<double> slopes;
  double penalty = 0.0;
  double degrees_of_freedom = 0.0;  ///< used up by the fit, including the intercept's
  double residual_variance = 0.0;   ///< of a row

  [[nodiscard]] double at(std::span<const double> features) const;
};

/// Rows of features, generated one by one.
struct FeatureRows {
  std::size_t rows = 0;
  std::size_t features = 0;
  /// Writes the features of a row.
  std::function<void(std::size_t row, std::span<double> features)> write;
};

/// Ridge regression with an unpenalised intercept. What depends on the features alone is computed
/// once, for any number of targets. Memory grows with the square of the number of features, not
/// with the number of rows.
class RidgeRegression {
 public:
  explicit RidgeRegression(FeatureRows rows);

  /// One fit for each target. Generalised cross-validation chooses the penalty (Golub, Heath and
  /// Wahba, Technometrics 21, 1979). The penalty is 0 if that predicts as well.
  /// @param targets  for each target, one value a row.
  [[nodiscard]] std::vector<LinearFit> fits(std::span<const std::vector<double>> targets) const;

  /// Of the slopes of a fit, if the rows are independent: [slope, slope].
  [[nodiscard]] std::vector<double> slope_covariance(const LinearFit& fit) const;

 private:
  FeatureRows rows_;
  Eigen::VectorXd means_;      // of the features
  Eigen::VectorXd strengths_;  // the eigenvalues of the products of features minus their means
  Eigen::MatrixXd axes_;       // the eigenvectors: [feature, axis]
};

}  // namespace relax_spectro::core
