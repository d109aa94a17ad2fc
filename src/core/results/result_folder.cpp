#include "relax_spectro/results/result_folder.hpp"

#include <fmt/format.h>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/stored_map.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;

bool counts_as_result(const fs::path& path) {
  try {
    return is_result(path);
  } catch (const IoError&) {
    return true;
  }
}

/// Whether a name without its ending is that of a test of a result.
bool is_of_test(const std::string& name) {
  return name.ends_with(".flip") || name.ends_with(".sanity");
}

std::string without_ending(fs::path path) { return path.replace_extension().generic_string(); }

}  // namespace

std::map<std::string, fs::path> results_in(const fs::path& folder) {
  std::map<std::string, fs::path> results;
  try {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
      const fs::path& path = entry.path();
      if (path.extension() != ".json" || path.filename().string().starts_with(".")) continue;
      if (counts_as_result(path)) results[without_ending(path.lexically_relative(folder))] = path;
    }
  } catch (const fs::filesystem_error& error) {
    throw IoError(fmt::format("{}: cannot be read: {}", folder.string(), error.code().message()));
  }
  return results;
}

std::vector<NamedResult> named_results(std::span<const fs::path> paths) {
  std::vector<NamedResult> results;
  for (const fs::path& path : paths) {
    if (!fs::exists(path)) throw IoError(fmt::format("{}: no such file or folder", path.string()));
    if (!fs::is_directory(path)) {
      const std::string name = without_ending(path);
      if (!is_of_test(name)) results.push_back({name, path});
      continue;
    }
    for (const auto& [name, json_path] : results_in(path)) {
      if (is_of_test(name)) continue;  // a damaged one: no result
      results.push_back({paths.size() == 1 ? name : (path / name).generic_string(), json_path});
    }
  }
  if (results.empty()) {
    throw IoError(
        fmt::format("{}: no result; expected a folder that relax-spectro explain or "
                    "batch wrote to, or the NAME.json of results",
                    paths.empty() ? std::string("nothing named") : paths[0].string()));
  }
  return results;
}

}  // namespace relax_spectro
