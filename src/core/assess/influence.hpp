#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "probe/class_report.hpp"

namespace relax_spectro {

/// How measures change if some recordings are left out.
struct Influence {
  Rows rows;                    ///< those that are left out
  std::vector<double> changes;  ///< of each measure: without them minus with them
  std::size_t f1_class = 0;     ///< the class whose F1 changes most, the first of equals
  double f1_change = 0.0;       ///< of that class
};

/// The influence of each file and of each group on the measures of a report.
struct InfluenceTable {
  std::vector<std::string> measures;  ///< those of all classes, without `ece` and `raw_…`
  std::vector<double> values;         ///< of each measure, of all recordings
  std::vector<Influence> files;
  std::vector<Influence> groups;

  /// The number of a measure. @pre there is such a measure
  [[nodiscard]] std::size_t number_of(const std::string& measure) const;
};

/// Computes exactly what each measure would be without each file and without each group. All classes
/// are kept, and a 0/0 is 0.
///
/// Note [Influence without recomputation]
/// Counts of right, true and decided recordings give all measures except the log loss and the Brier
/// score, which are means. So a file is taken out of the counts and put back, in a time that does not
/// depend on the number of files. The calibration error has no such form.
/// @pre there are two recordings
[[nodiscard]] InfluenceTable influence_of(const Predictions& predictions);

/// The largest changes of a measure first, in either direction; of equals, the first.
[[nodiscard]] Rows largest(const std::vector<Influence>& influences, std::size_t measure,
                           std::size_t most);

}  // namespace relax_spectro
