#include "model/class_names.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/trim.hpp>

#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

std::vector<std::string> read_class_names(const std::filesystem::path& path) {
  constexpr const char* kColumn = "display_name";
  std::vector<std::string> names;
  const core::TextTable table(path);
  if (table.header().has(kColumn)) {
    table.for_each_line([&names](const core::TableLine& line) {
      names.push_back(line.text(kColumn));
      if (names.back().empty()) line.place().fail("has no name; expected one for each class");
    });
  } else {
    for (const std::string& line : core::lines_of(path)) {
      const std::string name = boost::algorithm::trim_copy(line);
      if (!name.empty()) names.push_back(name);
    }
  }
  if (names.empty()) {
    throw IoError(
        fmt::format("{}: holds no class names; expected one on each line", path.string()));
  }
  return names;
}

}  // namespace relax_spectro
