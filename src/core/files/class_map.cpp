#include "files/class_map.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

ClassMap::ClassMap(const std::filesystem::path& path) {
  const core::TextTable table(path);
  if (!table.header().has("from") || !table.header().has("to")) {
    table.fail_at_header("lacks the column from or to; expected from,to");
  }
  table.for_each_line([this](const core::TableLine& line) {
    const std::string from = line.text("from");
    if (from.empty()) line.place().fail("from is empty, expected a label");
    if (!to_.emplace(from, line.text("to")).second) {
      line.place().fail(fmt::format("'{}' has a line already; expected one for each class", from));
    }
  });
  if (to_.empty()) {
    throw IoError(fmt::format("{}: has no line below its header; expected one for each class",
                              path.string()));
  }
}

const std::string& ClassMap::of(const std::string& label) const {
  const auto found = to_.find(label);
  return found == to_.end() ? label : found->second;
}

std::vector<std::string> ClassMap::unused(const std::vector<std::string>& labels) const {
  std::vector<std::string> unused;
  for (const auto& [from, to] : to_) {
    if (std::ranges::find(labels, from) == labels.end()) unused.push_back(from);
  }
  return unused;
}

}  // namespace relax_spectro
