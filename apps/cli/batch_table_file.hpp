#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "batch/batch_table.hpp"
#include "cli/stopwatch.hpp"

namespace relax_spectro::cli {

/// The table of a running batch: `summary.csv`, complete at any time. Rows of earlier batches stay
/// until this batch has a row for the same recording.
class BatchTableFile {
 public:
  /// @throws IoError  the table exists and cannot be read.
  explicit BatchTableFile(std::filesystem::path path)
      : path_(std::move(path)), earlier_(lasting_rows(path_)) {}

  /// Adds the rows of a recording. Writes the file only now and then, to spend little time on it. If the program is
  /// killed before it writes them, the next run finds their results.
  void add(std::vector<BatchRow> rows);
  /// Writes all rows. @throws IoError
  void write();

  /// Of this batch.
  [[nodiscard]] std::span<const BatchRow> rows() const { return rows_; }
  /// Of this batch and of those before it.
  [[nodiscard]] std::vector<BatchRow> all_rows() const { return joined_rows(earlier_, rows_); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::size_t count(BatchStatus status) const;
  /// "12 done, 3 kept, 1 failed"
  [[nodiscard]] std::string counts_text() const;

 private:
  std::filesystem::path path_;
  std::vector<BatchRow> earlier_;
  std::vector<BatchRow> rows_;
  Stopwatch since_written_;
  double seconds_to_write_ = 0.0;
};

}  // namespace relax_spectro::cli
