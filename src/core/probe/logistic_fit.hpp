#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Feature vectors, several of which may belong to one row.
struct Windows {
  Array2d<double> features;         ///< [window, feature]
  std::vector<std::size_t> row_of;  ///< the row of each window
};

/// Rows of features that belong to classes.
struct LabelledRows {
  Array2d<double> features;          ///< [row, feature]
  std::vector<std::size_t> classes;  ///< of each row, from 0
  std::vector<double> weights;       ///< of each row, 0 or more
  std::vector<std::size_t> groups;   ///< of each row; equal numbers are one group
  std::size_t class_count = 0;
  /// What a fit learns from instead of the features, unless it is empty. Each window has the class
  /// and the weight of its row.
  Windows windows = {};

  /// Some of the rows. All classes are kept.
  [[nodiscard]] LabelledRows at(const std::vector<std::size_t>& rows) const;
};

struct LogisticOptions {
  double c = 1.0;           ///< inverse strength of the penalty, above 0
  bool standardise = true;  ///< give each feature mean 0 and standard deviation 1 first
  /// Multiply the weights of rows so that each class has the same sum. Standardisation does not.
  bool balanced = false;
};

/// A logistic classifier: class scores that are affine in the features. Their softmax is the
/// probability of the classes.
struct LogisticFit {
  Array2d<double> weights;   ///< [class, feature], of features that are not standardised
  std::vector<double> bias;  ///< of each class; minus infinity if no row has the class
  std::size_t iterations = 0;
  double gradient_norm = 0.0;  ///< of the objective, where the solver stopped
  /// Upper limit of the distance between the weights and those of the optimum, before
  /// standardisation is folded in (Note [The certificate]).
  double error_bound = 0.0;

  /// [row, class]
  [[nodiscard]] Array2d<double> logits(const Array2d<double>& features) const;
};

/// The largest error_bound of a fit that may be reported.
inline constexpr double kLargestErrorBound = 1e-5;

/// Fits the classifier of scikit-learn's LogisticRegression: the mean of the rows' log loss, plus
/// λ/2 times the sum of the squared weights, with λ = 1 / (C · sum of the rows' weights). The biases
/// have no penalty.
///
/// Note [Two classes]
/// scikit-learn has one vector w and a sigmoid for two classes. Here the classes have the weights
/// -w/2 and w/2. Their squares sum to half of w's, so that λ is doubled to give the same optimum.
///
/// Note [The certificate]
/// The objective grows by at least λ/2 times the squared distance from its optimum. So the weights
/// are within ‖gradient‖ / λ of the optimum, where the gradient of the biases is zero.
/// @throws ConfigError  C is not above 0, or fewer than two classes have rows.
[[nodiscard]] LogisticFit fit_logistic(const LabelledRows& rows, const LogisticOptions& options);

}  // namespace relax_spectro
