#include "results/recording_search.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "files/folder_walk.hpp"
#include "files/unicode_text.hpp"
#include "files/valid_utf8.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;

/// A name as stored in a JSON: with U+FFFD for bytes that are not UTF-8.
std::string name_of(const fs::path& path) {
  return core::composed(core::valid_utf8(path.filename().string()));
}

/// The files in a folder that have this name in a JSON, because their own names are not UTF-8.
std::vector<fs::path> files_in(const fs::path& folder, const std::string& name) {
  std::vector<fs::path> files;
  if (name.find("\xEF\xBF\xBD") == std::string::npos) return files;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    if (name_of(entry.path()) == name) files.push_back(entry.path());
  }
  return files;
}

/// The file with its hash; nothing if it cannot be read.
std::optional<SourceFile> file_at(const fs::path& path) {
  try {
    return source_file(path);
  } catch (const IoError&) {
    return std::nullopt;
  }
}

[[noreturn]] void fail(const SourceFile& recorded, const fs::path& json_path,
                       const fs::path& folder, const std::vector<fs::path>& others) {
  std::string text =
      fmt::format("{}: cannot be read, and {} was made from it; it is not beside the result",
                  recorded.path.string(), json_path.string());
  if (!folder.empty()) text += fmt::format(", and not in or below {}", folder.string());
  for (const fs::path& other : others) {
    text += fmt::format("; {} has its name, but its SHA-256 differs", other.string());
  }
  throw IoError(text + ": name the folder that it is in with --recordings");
}

}  // namespace

struct RecordingSearch::Impl {
  /// The files below the folder with this name.
  std::vector<fs::path> files_named(const std::string& name) {
    if (!folder.empty() && !files) {
      files.emplace();
      for (const fs::path& path : core::files_below(folder).files) {
        (*files)[name_of(path)].push_back(path);
      }
    }
    return files && files->contains(name) ? files->at(name) : std::vector<fs::path>();
  }

  fs::path folder;
  std::optional<std::map<std::string, std::vector<fs::path>>> files;  ///< below the folder, by name
};

RecordingSearch::RecordingSearch(fs::path folder) : impl_(std::make_unique<Impl>()) {
  std::error_code unreadable;
  if (!folder.empty() && !fs::is_directory(folder, unreadable)) {
    throw IoError(
        fmt::format("{}: no such folder; --recordings names the one that the recordings are in",
                    folder.string()));
  }
  impl_->folder = std::move(folder);
}

RecordingSearch::~RecordingSearch() = default;

SourceFile RecordingSearch::find(const SourceFile& recorded, const fs::path& json_path) {
  const std::optional<SourceFile> in_place = file_at(recorded.path);
  if (in_place && in_place->sha256 == recorded.sha256) return *in_place;
  std::vector<fs::path> others;
  const auto is_it = [&](const fs::path& path) {
    const std::optional<SourceFile> file = file_at(path);
    if (file && file->sha256 != recorded.sha256) others.push_back(path);
    return file && file->sha256 == recorded.sha256;
  };
  const fs::path beside = json_path.parent_path() / recorded.path.filename();
  if (is_it(beside)) return {beside, recorded.sha256};
  const std::string name = name_of(recorded.path);
  for (const fs::path& place : {recorded.path.parent_path(), json_path.parent_path()}) {
    for (const fs::path& path : files_in(place.empty() ? "." : place, name)) {
      if (is_it(path)) return {path, recorded.sha256};
    }
  }
  for (const fs::path& path : impl_->files_named(name)) {
    if (is_it(path)) return {path, recorded.sha256};
  }
  if (in_place) return *in_place;
  fail(recorded, json_path, impl_->folder, others);
}

}  // namespace relax_spectro
