#include "cli/batch_table_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::cli {

void BatchTableFile::add(std::vector<BatchRow> rows) {
  constexpr double kMostOfTheTime = 0.02;
  std::ranges::move(rows, std::back_inserter(rows_));
  if (since_written_.seconds() * kMostOfTheTime < seconds_to_write_) return;
  try {
    write();
  } catch (const IoError&) {  // a full disk may have room later; if not, the last write fails
  }
}

void BatchTableFile::write() {
  const Stopwatch stopwatch;
  write_text_file(path_, batch_csv(all_rows()), Overwrite::yes);
  seconds_to_write_ = stopwatch.seconds();
  since_written_ = {};
}

std::size_t BatchTableFile::count(BatchStatus status) const {
  return static_cast<std::size_t>(std::ranges::count(rows_, status, &BatchRow::status));
}

std::string BatchTableFile::counts_text() const {
  std::vector<std::string> texts;
  for (const auto status :
       {BatchStatus::done, BatchStatus::kept, BatchStatus::failed, BatchStatus::different}) {
    if (count(status) > 0) texts.push_back(fmt::format("{} {}", count(status), to_string(status)));
  }
  return texts.empty() ? "nothing done" : fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace relax_spectro::cli
