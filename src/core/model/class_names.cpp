#include "relax_spectro/model/class_names.hpp"

#include <fmt/format.h>

#include <boost/algorithm/string/trim.hpp>

#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

std::vector<std::string> read_class_names(const std::filesystem::path& path) {
  constexpr const char* kColumn = "display_name";
  const core::FieldSeparators separators;
  const std::vector<std::string> lines = core::lines_of(path);
  const core::TableFields first = core::split_fields(lines.front(), separators, {path, 1});
  const core::TableHeader header(first);
  const bool is_table = header.has(kColumn);
  std::vector<std::string> names;
  for (std::size_t i = is_table ? 1 : 0; i < lines.size(); ++i) {
    const core::TablePlace place{path, i + 1};
    std::string name = boost::algorithm::trim_copy(lines[i]);
    if (name.empty()) continue;
    if (is_table) {
      name =
          core::TableLine(header, place, core::split_fields(name, separators, place)).text(kColumn);
    }
    if (name.empty()) place.fail("has no name; expected one for each class");
    names.push_back(name);
  }
  if (names.empty()) {
    throw IoError(fmt::format("{}: holds no class names; expected one a line", path.string()));
  }
  return names;
}

}  // namespace relax_spectro
