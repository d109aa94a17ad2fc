#include "cli/result_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {

std::vector<std::filesystem::path> results_among(const std::vector<std::filesystem::path>& files) {
  std::vector<std::filesystem::path> results;
  std::ranges::copy_if(files, std::back_inserter(results), [](const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    return !name.ends_with(".flip.json") && !name.ends_with(".sanity.json");
  });
  if (results.empty()) {
    throw ConfigError(fmt::format(
        "{}: is not a result of explain, but a test of one; expected the NAME.json that explain "
        "wrote",
        files.front().string()));
  }
  return results;
}

}  // namespace relax_spectro::cli
