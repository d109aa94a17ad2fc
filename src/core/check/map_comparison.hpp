#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The parts of a result that are compared. Arrays are [frequency, time].
struct ComparedMap {
  Array2d<double> importance;
  Array2d<double> contrast;
  /// Standard error of the contrast. See Note [The contrast is surer than the importance].
  Array2d<double> contrast_error;
  std::vector<double> time_s;        ///< frame centres, ascending
  std::vector<double> frequency_hz;  ///< band centres, ascending
  std::size_t degrees_of_freedom = 0;
  std::size_t cells = 0;    ///< in a window's masks; 0: a window sweep
  std::size_t windows = 1;  ///< in the recording; all have the same masks
};

/// @param result  with its arrays importance, contrast and standard_error.
[[nodiscard]] ComparedMap compared_map(const Result& result);

/// When two maps count as maps of different models. A missing limit follows from noise: see Note
/// [How far noise alone goes].
struct ComparisonLimits {
  std::optional<double> least_correlation;
  std::optional<double> most_standard_errors;
  std::optional<double> most_shift_s;
  std::optional<double> most_shift_hz;
  /// The probability that two maps of the same model count as different, over all measures
  /// together.
  double false_alarms = 0.01;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// A measured value and its limit.
struct CheckedNumber {
  std::optional<double> value;  ///< nothing: unknown
  std::optional<double> limit;  ///< nothing: no limit
};

/// How much a map has changed.
struct MapComparison {
  CheckedNumber correlation;      ///< Pearson's, of the contrast; at least the limit
  CheckedNumber standard_errors;  ///< largest difference of the contrast, in its standard errors
  CheckedNumber shift_s;   ///< of the centre of the positive contrast, current minus baseline;
  CheckedNumber shift_hz;  ///< here and below, the limit applies to the absolute value
  std::size_t row = 0;     ///< of the largest difference
  std::size_t column = 0;
  /// Current minus baseline contrast in standard errors, [frequency, time]; NaN where unknown.
  Array2d<double> difference;

  [[nodiscard]] bool correlates() const;
  [[nodiscard]] bool differs_at_most() const;
  [[nodiscard]] bool stays_in_time() const;
  [[nodiscard]] bool stays_in_frequency() const;
  [[nodiscard]] bool unchanged() const;
};

/// Compares two maps over the same axes.
/// @throws ConfigError  the maps have different shapes, or limits are out of range.
[[nodiscard]] MapComparison compare_maps(const ComparedMap& baseline, const ComparedMap& current,
                                         const ComparisonLimits& limits);

}  // namespace relax_spectro
