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
  double degrees_of_freedom = 0.0;  ///< that the fit takes from its rows, the intercept's included

  [[nodiscard]] double at(std::span<const double> features) const;
};

/// Rows of features, made one by one, with one or more targets for each.
struct RidgeProblem {
  std::size_t rows = 0;
  std::size_t features = 0;
  /// Writes the features of a row; asked for once for each row, in order.
  std::function<void(std::size_t row, std::span<double> features)> write_features;
  std::vector<std::vector<double>> targets;  ///< each of them a value for every row
};

/// Ridge regression with an intercept, which is not shrunken: one fit for each target, its penalty
/// chosen by generalised cross-validation (Golub, Heath and Wahba, Technometrics 21, 1979). Needs
/// memory for the square of the number of features, whatever the number of rows. Without a penalty
/// where that predicts as well.
[[nodiscard]] std::vector<LinearFit> ridge_fits(const RidgeProblem& problem);

}  // namespace relax_spectro::core
