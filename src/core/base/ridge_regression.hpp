#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace relax_spectro::core {

/// target = intercept + sum_k slopes[k] feature[k].
struct LinearFit {
  double intercept = 0.0;
  std::vector<double> slopes;
  std::vector<double> slope_covariance;  ///< [slope, slope], if the rows are independent
  double degrees_of_freedom = 0.0;       ///< used up by the fit, including the intercept's

  [[nodiscard]] double at(std::span<const double> features) const;
};

/// Rows of features with one or more targets each. The features are generated row by row.
struct RidgeProblem {
  std::size_t rows = 0;
  std::size_t features = 0;
  /// Writes the features of a row. Called once for each row, in order.
  std::function<void(std::size_t row, std::span<double> features)> write_features;
  std::vector<std::vector<double>> targets;  ///< for each target, one value a row
};

/// Ridge regression with an unpenalised intercept: one fit for each target. Generalised
/// cross-validation chooses the penalty (Golub, Heath and Wahba, Technometrics 21, 1979). The
/// penalty is 0 if that predicts as well. Memory grows with the square of the number of features,
/// not with the number of rows.
[[nodiscard]] std::vector<LinearFit> ridge_fits(const RidgeProblem& problem);

}  // namespace relax_spectro::core
