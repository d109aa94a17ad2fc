#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/statistics.hpp"
#include "files/csv_row.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// What a classifier said of recordings whose class is known.
struct Predictions {
  std::vector<std::string> labels;  ///< of the classes
  std::vector<std::size_t> truth;   ///< class of each recording
  std::vector<std::size_t> groups;  ///< of each recording, from 0, without gaps
  Array2d<double> probabilities;    ///< [recording, class]; the most probable class is the decision
  Array2d<double> raw_probabilities;  ///< the same, before temperature scaling
};

/// The decision for each row: the class with the highest score, the first of equals.
/// @param scores  [row, class]
[[nodiscard]] Rows decisions_of(const Array2d<double>& scores);

/// How many recordings of each class were decided for each class, [true class, decided class].
[[nodiscard]] Array2d<double> confusion_of(const Predictions& predictions);

/// One number of a report.
struct Measure {
  std::string name;
  std::string label = {};  ///< of the class; empty: of all classes
  double value = 0.0;      ///< 0 where it is 0/0
  /// The number of recordings it is a share or a mean of. 0: the value is 0/0.
  std::size_t recordings = 0;
  std::optional<Interval> interval = {};  ///< 95 %
};

/// All numbers of a report, in the order of measures_of.
struct ClassReport {
  std::vector<Measure> measures;

  /// @pre there is such a measure
  [[nodiscard]] const Measure& at(const std::string& name, const std::string& label = "") const;
};

/// Measures predictions, as scikit-learn does with `zero_division=0`.
///
/// * For each class: `precision`, `recall` and `f1`.
/// * `accuracy`; means of the former over classes (`macro_precision` …), and weighted by the number
///   of recordings (`weighted_precision` …); `balanced_accuracy`; Cohen's `kappa`.
/// * `log_loss`, `brier` and `ece` (calibration.hpp), and the same before temperature scaling
///   (`raw_log_loss` …).
///
/// Shares of recordings (accuracy, precision, recall) have wilson_interval, all others
/// group_bootstrap.
/// @param bootstrap  false: only shares have intervals.
/// @pre there is a recording
[[nodiscard]] ClassReport report_of(const Predictions& predictions, std::uint64_t seed,
                                    bool bootstrap = true);

/// The table that scikit-learn's classification_report prints. The 95 % intervals stand behind each
/// line. A 0/0 is "—".
[[nodiscard]] std::string report_text(const ClassReport& report,
                                      const std::vector<std::string>& labels);

/// The header of report_rows.
inline constexpr const char* kReportHeader =
    "measure,label,value,low,high,recordings,relax_spectro\n";

/// The numbers as rows of a CSV (data/FORMAT.md).
/// @param of  the first column, before those of the header; empty: there is none.
[[nodiscard]] std::string report_rows(const ClassReport& report, const std::string& of = "");

/// Adds both ends of an interval to a row, or two empty fields.
void add_interval(core::CsvRow& row, const std::optional<Interval>& interval);

}  // namespace relax_spectro
