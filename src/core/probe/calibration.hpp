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

/// The temperature of least mean log loss, between 0.01 and 100 (Guo et al., ICML 2017).
[[nodiscard]] double best_temperature(const Array2d<double>& logits,
                                      const std::vector<std::size_t>& classes);

/// Each row's sum over classes of the squared error of the probability (Brier, 1950). Half of it
/// for two classes, as in scikit-learn's brier_score_loss.
[[nodiscard]] std::vector<double> brier_scores(const Array2d<double>& probabilities,
                                               const std::vector<std::size_t>& classes);

/// The expected calibration error: how far the share of right decisions is from their mean
/// confidence, in 15 bins with equally many rows (Nixon et al., CVPR workshops 2019).
/// @param confidences  of all rows: the probability of the decision.
/// @param right        of all rows: 1 if the decision is right, or 0.
/// @param rows         those that count. @pre not empty
[[nodiscard]] double calibration_error(const std::vector<double>& confidences,
                                       const std::vector<double>& right, Rows rows);

}  // namespace relax_spectro
