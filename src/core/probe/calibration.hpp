#pragma once

#include <cstddef>
#include <vector>

#include "base/statistics.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The softmax of logits over a temperature. @param logits  [row, class]
[[nodiscard]] Array2d<double> probabilities_of(const Array2d<double>& logits,
                                               double temperature = 1.0);

/// Each row's negative logarithm of the probability of its class. No probability counts as less
/// than 2.2e-16, as in scikit-learn's log_loss.
[[nodiscard]] std::vector<double> log_losses(const Array2d<double>& probabilities,
                                             const std::vector<std::size_t>& classes);

/// The temperature of least mean log loss, between 0.01 and 100 (Guo et al., ICML 2017). Each of n rows
/// belongs to its class but for 1 / (n + 2), which all classes share: the correction of Platt (1999).
/// Without it, decisions that are all right would have a temperature of 0.01.
[[nodiscard]] double best_temperature(const Array2d<double>& logits,
                                      const std::vector<std::size_t>& classes);

/// Each row's sum over classes of the squared error of the probability (Brier, 1950). Half of it
/// for two classes, as in scikit-learn's brier_score_loss.
[[nodiscard]] std::vector<double> brier_scores(const Array2d<double>& probabilities,
                                               const std::vector<std::size_t>& classes);

/// How certain decisions are, and whether they are right.
struct Certainty {
  std::vector<double> confidences;  ///< of all rows: the probability of the decision
  std::vector<double> right;        ///< of all rows: 1 if the decision is right, or 0

  /// @param classes    of all rows.
  /// @param decisions  likewise.
  Certainty(const Array2d<double>& probabilities, const std::vector<std::size_t>& classes,
            const Rows& decisions);

  /// The expected calibration error: how far the share of right decisions is from their mean
  /// confidence, in 15 bins with equally many rows (Nixon et al., CVPR workshops 2019).
  /// @param rows  those that count. @pre not empty
  [[nodiscard]] double calibration_error(Rows rows) const;
};

/// Decisions of similar confidence.
struct ReliabilityBin {
  double confidence = 0.0;  ///< mean
  double right = 0.0;       ///< share of right decisions
  Interval interval;        ///< of the share: wilson_interval
};

/// The bins of the calibration error over all rows, without empty ones.
/// @param groups  of all rows.
[[nodiscard]] std::vector<ReliabilityBin> reliability_of(const Certainty& certainty,
                                                         const std::vector<std::size_t>& groups);

}  // namespace relax_spectro
