#include "relax_spectro/occlusion/batch_schedule.hpp"

#include <fmt/format.h>

#include <regex>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

BatchSchedule BatchSchedule::parse(std::string_view text) {
  static const std::regex kPart("([0-9]{1,5})(f?)(?:x([0-9]{1,9}))?");
  BatchSchedule schedule;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part(text.substr(begin, end - begin));
    std::smatch fields;
    if (!std::regex_match(part, fields, kPart)) {
      throw ConfigError(fmt::format(
          "--batch-size is '{}'; expected auto, a whole number from 1 to {}, or the sizes of a "
          "result's batches, such as 16x64,8fx12,32",
          text, kMostWindows));
    }
    schedule.append({std::stoul(fields[1]), fields[2].length() > 0});
    if (fields[3].matched) schedule.runs_.back().batches += std::stoul(fields[3]) - 1;
    begin = end + 1;
  }
  return schedule;
}

std::string BatchSchedule::to_string() const {
  std::string text;
  for (const Run& run : runs_) {
    const bool last = &run == &runs_.back();
    text += fmt::format("{}{}", run.form.size, run.form.fused ? "f" : "");
    if (!last) text += fmt::format("x{},", run.batches);
  }
  return text;
}

BatchForm BatchSchedule::form_of(std::size_t batch) const {
  for (const Run& run : runs_) {
    if (batch < run.batches) return run.form;
    batch -= run.batches;
  }
  return runs_.back().form;
}

void BatchSchedule::append(BatchForm form) {
  if (form.size < 1 || form.size > kMostWindows) {
    throw ConfigError(fmt::format("--batch-size is {}; expected 1 to {}", form.size, kMostWindows));
  }
  if (runs_.empty() || runs_.back().form != form) runs_.push_back({form, 0});
  ++runs_.back().batches;
}

}  // namespace relax_spectro
