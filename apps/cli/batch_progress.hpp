#pragma once

#include <cstddef>
#include <span>

#include "batch/batch_table.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stopwatch.hpp"

namespace relax_spectro::cli {

/// The progress of a batch: files, masks, and the remaining time.
class BatchProgress {
 public:
  BatchProgress(std::size_t files, bool shown) : bar_("batch", shown), files_(files) {}

  /// Masks of the current recording.
  void update(std::size_t masks_done, std::size_t masks_total);
  /// @param rows  of one recording.
  void finish_file(std::span<const BatchRow> rows);
  /// Makes room for a message.
  void wipe() { bar_.wipe(); }

 private:
  void draw(double part_of_file, std::size_t masks_of_file);

  ProgressBar bar_;
  std::size_t files_;
  std::size_t files_done_ = 0;
  std::size_t files_made_ = 0;  ///< the others take no time
  std::size_t masks_ = 0;
  double seconds_made_ = 0.0;
  Stopwatch file_stopwatch_;
};

}  // namespace relax_spectro::cli
