#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// What is compared of a result. Arrays are [frequency, time].
struct ComparedMap {
  Array2d<double> importance;
  Array2d<double> contrast;
  /// Standard error of the contrast. Note [The contrast is surer than the importance]
  Array2d<double> contrast_error;
  std::vector<double> time_s;        ///< frame centres, rising
  std::vector<double> frequency_hz;  ///< band centres, rising
  std::size_t degrees_of_freedom = 0;
  std::size_t cells = 0;    ///< of a window's masks; 0: of a window sweep
  std::size_t windows = 1;  ///< of the recording, all with the same masks
};

/// @param result  with its arrays importance, contrast and standard_error.
[[nodiscard]] ComparedMap compared_map(const Result& result);

/// When two maps are no longer taken for maps of one model. A limit that is not given is what two
/// maps of one model differ by through their noise alone: Note [How far noise alone goes].
struct ComparisonLimits {
  std::optional<double> least_correlation;
  std::optional<double> most_standard_errors;
  std::optional<double> most_shift_s;
  std::optional<double> most_shift_hz;
  /// How probable it is that two maps of one model are taken for maps of two, over all that is
  /// measured of them.
  double false_alarms = 0.01;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// Something that was measured, and how far it may go.
struct Measure {
  std::optional<double> value;  ///< nothing: cannot be told
  std::optional<double> limit;  ///< nothing: not judged
};

/// How much a map has changed.
struct MapComparison {
  Measure correlation;      ///< Pearson's, of the contrast; at least the limit
  Measure standard_errors;  ///< largest difference of the contrast, in standard errors of it
  Measure shift_s;          ///< of the centre of the positive contrast, current less baseline;
  Measure shift_hz;         ///< here and below the limit holds for the size
  std::size_t row = 0;      ///< of the largest difference
  std::size_t column = 0;
  /// Current less baseline contrast in standard errors, [frequency, time]; NaN where none is known.
  Array2d<double> difference;

  [[nodiscard]] bool correlates() const;
  [[nodiscard]] bool differs_at_most() const;
  [[nodiscard]] bool stays_in_time() const;
  [[nodiscard]] bool stays_in_frequency() const;
  [[nodiscard]] bool unchanged() const;
};

/// Compares two maps over the same axes.
/// @throws ConfigError  they have different shapes, or limits out of range.
[[nodiscard]] MapComparison compare_maps(const ComparedMap& baseline, const ComparedMap& current,
                                         const ComparisonLimits& limits);

}  // namespace relax_spectro
