#include "cli/batch_progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/progress_line.hpp"

namespace relax_spectro::cli {

void BatchProgress::update(std::size_t masks_done, std::size_t masks_total) {
  if (masks_total == 0) return;
  draw(static_cast<double>(masks_done) / static_cast<double>(masks_total), masks_done);
}

void BatchProgress::finish_file(std::span<const BatchRow> rows) {
  ++files_done_;
  const auto made = std::ranges::find(rows, BatchStatus::done, &BatchRow::status);
  if (made != rows.end()) {
    ++files_made_;
    seconds_made_ += file_stopwatch_.seconds();
    masks_ += made->facts ? made->facts->masks : 0;  // all maps of a recording share them
  }
  file_stopwatch_ = {};
  draw(0.0, 0);
}

void BatchProgress::draw(double part_of_file, std::size_t masks_of_file) {
  const double made = static_cast<double>(files_made_) + part_of_file;
  const double seconds = seconds_made_ + (part_of_file > 0.0 ? file_stopwatch_.seconds() : 0.0);
  const double done = static_cast<double>(files_done_) + part_of_file;
  const double left = static_cast<double>(files_) - done;
  bar_.draw(done / static_cast<double>(files_),
            fmt::format("{}/{} files, {} masks", files_done_, files_, masks_ + masks_of_file),
            seconds_left(seconds, made, left));
}

}  // namespace relax_spectro::cli
