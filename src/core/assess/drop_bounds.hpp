#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "probe/class_report.hpp"

namespace relax_spectro {

/// The least and the greatest value of a measure that leaving out few files can give.
struct DropBounds {
  std::string measure;
  std::vector<double> least;  ///< [m - 1]: without the m files that make it least
  std::vector<double> greatest;
  /// The fewest files whose loss moves the measure out of its interval. Nothing: more than half of
  /// all files.
  std::optional<std::size_t> to_leave_interval;
  std::optional<std::size_t> to_threshold;  ///< the same, for the threshold
};

/// A value that a measure should not fall below. A log loss should not rise above it.
struct MeasureThreshold {
  std::string measure;
  double value = 0.0;
};

/// The measures that have bounds: accuracy, macro_f1, kappa, log_loss.
[[nodiscard]] const std::vector<std::string>& bounded_measures();

/// Finds which value each measure takes without 1, 2, … files, up to a tenth of all and at least one.
///
/// Accuracy and log loss are means, so that their bounds are exact. For macro F1 and kappa the files
/// are left out one after the other, each the one that changes the measure most then. Of the methods
/// that Huang et al. (arXiv 2408.09008) compared, only this greedy search never failed. The true
/// bounds may be a little wider.
/// @param report  of the predictions: its intervals count.
/// @pre there are two recordings
[[nodiscard]] std::vector<DropBounds> drop_bounds(const Predictions& predictions,
                                                  const ClassReport& report,
                                                  const std::optional<MeasureThreshold>& threshold);

}  // namespace relax_spectro
