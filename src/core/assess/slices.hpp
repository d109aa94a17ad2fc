#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "files/labels_table.hpp"
#include "probe/class_report.hpp"

namespace relax_spectro {

/// A property of recordings, for slices.
struct SliceColumn {
  std::string name;
  std::vector<std::string> values;  ///< of each recording; empty: unknown
};

/// The recordings with one value of a property, or with a quarter of its numbers.
struct Slice {
  std::string column;
  std::string value;  ///< "north", or "1.2 to 3.4"
  Rows rows;
  std::size_t groups = 0;
  double error = 0.0;  ///< share of wrong decisions
  double log_loss = 0.0;
  double difference = 0.0;           ///< of the error to that of all other recordings
  std::optional<Interval> interval;  ///< 95 % of the difference; nothing for fewer than five groups
  double p = 1.0;                    ///< of no difference, family-wise over all slices
  /// The smallest error that would have been found, in as many recordings and slices
  /// (detectable_error). Nothing: no error would have been.
  std::optional<double> detectable;
};

/// The label and all other columns of a table, for its recordings.
[[nodiscard]] std::vector<SliceColumn> slice_columns(const std::vector<RecordingLabel>& rows);

/// The slices of a column, with their rows alone. Columns of numbers with more than eight different
/// values are cut at their quartiles, all others have a slice for each value.
[[nodiscard]] std::vector<Slice> slices_of(const SliceColumn& column);

/// Compares the errors in each slice with those of all other recordings.
///
/// Slices with fewer than ten recordings, or with all but nine, are left out: they could show nothing.
///
/// p values permute whole groups 9999 times. Their largest difference in standard deviations over
/// all slices counts (Westfall and Young, 1993). A group takes the errors of another in turn, from a
/// random one on, as often as it has recordings. The interval is a bootstrap of groups.
[[nodiscard]] std::vector<Slice> study_slices(const Predictions& predictions,
                                              const std::vector<SliceColumn>& columns,
                                              std::uint64_t seed);

/// The slices with a finding, in a line each; or that there is none, and what could have been found.
[[nodiscard]] std::string slices_text(const std::vector<Slice>& slices);

/// A row for each slice (data/FORMAT.md).
[[nodiscard]] std::string slices_csv(const std::vector<Slice>& slices);

}  // namespace relax_spectro
