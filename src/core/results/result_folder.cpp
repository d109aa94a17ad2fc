#include "results/result_folder.hpp"

#include <fmt/format.h>

#include "files/folder_walk.hpp"
#include "files/output_names.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"

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

/// Whether a file is a test of a result rather than a result, judged by its name without ending.
/// The result of dog.flip.wav would also be called dog.flip.json.
bool is_test(const std::string& name, const fs::path& path) {
  if (!name.ends_with(".flip") && !name.ends_with(".sanity") && !name.ends_with(".listen"))
    return false;
  try {
    return !is_result(path);
  } catch (const IoError&) {
    return true;
  }
}

std::string without_ending(fs::path path) { return path.replace_extension().generic_string(); }

}  // namespace

std::map<std::string, fs::path> results_in(const fs::path& folder) {
  const core::FolderContent content = core::files_below(folder);
  for (const core::UnreadFolder& unread : content.unread) {
    throw IoError(fmt::format("{}: cannot be read: {}", unread.path.string(), unread.reason));
  }
  std::map<std::string, fs::path> results;
  for (const fs::path& path : content.files) {
    if (path.extension() == ".json" && counts_as_result(path)) {
      results[without_ending(path.lexically_relative(folder))] = path;
    }
  }
  return results;
}

std::vector<NamedResult> named_results(std::span<const fs::path> paths) {
  std::vector<NamedResult> results;
  for (const fs::path& path : paths) {
    if (!fs::exists(path)) throw IoError(fmt::format("{}: no such file or folder", path.string()));
    if (path.extension() == ".npz") {
      throw IoError(fmt::format("{}: holds the arrays of a result; expected the file beside it, {}",
                                path.string(), fs::path(path).replace_extension(".json").string()));
    }
    if (!fs::is_directory(path)) {
      const std::string name = without_ending(path);
      if (!is_test(name, path)) results.push_back({name, path, path.filename()});
      continue;
    }
    for (const auto& [name, json_path] : results_in(path)) {
      if (is_test(name, json_path)) continue;
      results.push_back({paths.size() == 1 ? name : (path / name).generic_string(), json_path,
                         json_path.lexically_relative(path)});
    }
  }
  if (results.empty()) {
    throw IoError(
        fmt::format("{}: no result; expected a folder "
                    "that relax-spectro explain or batch wrote to, or the NAME.json of results",
                    paths.empty() ? std::string("nothing named") : paths[0].string()));
  }
  return results;
}

std::vector<fs::path> json_paths(std::span<const NamedResult> results) {
  std::vector<fs::path> paths;
  for (const NamedResult& result : results) paths.push_back(result.json_path);
  return paths;
}

std::vector<fs::path> output_stems(std::span<const NamedResult> results) {
  std::vector<PlacedFile> files;
  for (const NamedResult& result : results) files.push_back({result.json_path, result.place});
  return placed_stems(files);
}

}  // namespace relax_spectro
