#include "relax_spectro/batch_schedule.hpp"

#include <fmt/format.h>

#include <regex>

#include "relax_spectro/error.hpp"

namespace relax_spectro {

BatchSchedule BatchSchedule::parse(std::string_view text) {
  static const std::regex kPart("([0-9]{1,5})(?:x([0-9]{1,9}))?");
  BatchSchedule schedule;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part(text.substr(begin, end - begin));
    std::smatch fields;
    if (!std::regex_match(part, fields, kPart)) {
      throw ConfigError(fmt::format(
          "--batch-size is '{}'; expected auto, a whole number from 1 to {}, or the sizes of a "
          "result's batches, such as 16x64,8x12,32",
          text, kMostWindows));
    }
    schedule.append(std::stoul(fields[1]));
    if (fields[2].matched) schedule.runs_.back().batches += std::stoul(fields[2]) - 1;
    begin = end + 1;
  }
  return schedule;
}

std::string BatchSchedule::to_string() const {
  std::string text;
  for (const Run& run : runs_) {
    const bool last = &run == &runs_.back();
    text += last ? fmt::format("{}", run.batch_size)
                 : fmt::format("{}x{},", run.batch_size, run.batches);
  }
  return text;
}

std::size_t BatchSchedule::size_of(std::size_t batch) const {
  for (const Run& run : runs_) {
    if (batch < run.batches) return run.batch_size;
    batch -= run.batches;
  }
  return runs_.back().batch_size;
}

void BatchSchedule::append(std::size_t batch_size) {
  if (batch_size < 1 || batch_size > kMostWindows) {
    throw ConfigError(
        fmt::format("--batch-size is {}; expected 1 to {}", batch_size, kMostWindows));
  }
  if (runs_.empty() || runs_.back().batch_size != batch_size) runs_.push_back({batch_size, 0});
  ++runs_.back().batches;
}

}  // namespace relax_spectro
