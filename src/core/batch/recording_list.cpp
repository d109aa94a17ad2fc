#include "relax_spectro/batch/recording_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/trim.hpp>
#include <iterator>
#include <map>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_names.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

// What libsndfile reads and people keep recordings in.
constexpr std::array kEndings{".aif"sv,  ".aifc"sv, ".aiff"sv, ".au"sv,  ".caf"sv,
                              ".flac"sv, ".mp3"sv,  ".oga"sv,  ".ogg"sv, ".opus"sv,
                              ".rf64"sv, ".snd"sv,  ".w64"sv,  ".wav"sv, ".wave"sv};

bool is_hidden(const fs::path& path) { return path.filename().string().starts_with('.'); }

bool is_recording(const fs::path& path) {
  return std::ranges::count(kEndings, core::lower_case(path.extension().string())) > 0;
}

std::vector<ListedRecording> recordings_in(const fs::path& folder) {
  std::vector<ListedRecording> found;
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    std::error_code unreadable;  // shows when it is opened
    const bool is_folder = entry->is_directory(unreadable);
    if (is_hidden(path) && is_folder) entry.disable_recursion_pending();
    if (is_hidden(path) || is_folder || !is_recording(path)) continue;
    found.push_back({path, path.lexically_relative(folder)});
  }
  if (error) {
    throw IoError(
        fmt::format("{}: the folder, or one in it, cannot be read: {}; name the recordings "
                    "in a list instead",
                    folder.string(), error.message()));
  }
  if (found.empty()) {
    throw IoError(fmt::format("{}: the folder holds no recording; expected files ending in {}",
                              folder.string(), fmt::join(kEndings, " ")));
  }
  return found;
}

/// A recording that a list names.
ListedRecording listed(const fs::path& list, const std::string& text) {
  const fs::path named(text);
  const fs::path normal = named.lexically_normal();
  const bool below = named.is_relative() && *normal.begin() != "..";
  return {named.is_relative() ? list.parent_path() / named : named,
          below ? normal : named.filename()};
}

/// A line of a list, and the number of the line.
struct Entry {
  ListedRecording recording;
  std::size_t line;
};

std::vector<Entry> read_path_list(const fs::path& path) {
  std::vector<Entry> entries;
  std::size_t number = 0;
  for (const std::string& line : core::lines_of(path)) {
    ++number;
    const std::string name = boost::algorithm::trim_copy(line);
    if (!name.empty()) entries.push_back({listed(path, name), number});
  }
  return entries;
}

std::vector<Entry> read_table(const fs::path& path) {
  const core::FieldSeparators separators;
  const std::vector<std::string> lines = core::lines_of(path);
  const core::TablePlace top{path, 1};
  const core::TableHeader header(core::split_fields(lines.front(), separators, top));
  if (!header.has("file")) {
    top.fail(
        fmt::format("there is no column file, but: {}; expected a line of column names, file "
                    "and, where wanted, label among them",
                    fmt::join(header.names(), ", ")));
  }
  std::vector<Entry> entries;
  core::for_each_line(path, lines, header, separators, [&](const core::TableLine& line) {
    const std::string file = line.text("file");
    if (file.empty()) line.place().fail("file is empty, expected the path of a recording");
    entries.push_back({listed(path, file), line.place().line});
    entries.back().recording.label = line.text("label");
  });
  return entries;
}

fs::path identity_of(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

std::vector<ListedRecording> recordings_of(const fs::path& list,
                                           const std::vector<Entry>& entries) {
  if (entries.empty()) {
    throw IoError(
        fmt::format("{}: names no recording; expected a path in each line", list.string()));
  }
  std::map<fs::path, std::size_t> lines;
  std::vector<ListedRecording> recordings;
  for (const Entry& entry : entries) {
    const auto [first, is_new] = lines.emplace(identity_of(entry.recording.path), entry.line);
    if (!is_new) {
      core::TablePlace{list, entry.line}.fail(
          fmt::format("{} stands in line {} as well; name each "
                      "recording once",
                      entry.recording.path.string(), first->second));
    }
    recordings.push_back(entry.recording);
  }
  return recordings;
}

std::vector<ListedRecording> recordings_of(const fs::path& input) {
  std::error_code error;  // of access: shows when it is opened
  // A name that was mistyped is not a recording that failed.
  if (!fs::exists(input, error) && !error) {
    throw IoError(input.string() + ": no such file or folder");
  }
  if (fs::is_directory(input, error)) return recordings_in(input);
  const std::string ending = core::lower_case(input.extension().string());
  if (ending == ".txt") return recordings_of(input, read_path_list(input));
  if (ending == ".csv") return recordings_of(input, read_table(input));
  return {{input, input.filename()}};
}

}  // namespace

std::vector<ListedRecording> list_recordings(std::span<const fs::path> inputs) {
  std::vector<ListedRecording> all;
  for (const fs::path& input : inputs)
    std::ranges::move(recordings_of(input), std::back_inserter(all));
  std::ranges::sort(all, {}, &ListedRecording::path);
  std::map<fs::path, fs::path> known;
  for (const ListedRecording& recording : all) {
    if (known.emplace(identity_of(recording.path), recording.path).second) continue;
    throw ConfigError(
        fmt::format("{}: is given twice, by several folders, lists or files; name "
                    "each recording once",
                    recording.path.string()));
  }
  return all;
}

std::vector<fs::path> result_stems(std::span<const ListedRecording> recordings) {
  std::map<std::string, std::vector<std::size_t>> folders;  // some file systems know no case
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    folders[core::lower_case(recordings[i].place.parent_path().string())].push_back(i);
  }
  std::vector<fs::path> stems(recordings.size());
  for (const auto& [folder, indices] : folders) {
    std::vector<fs::path> paths;
    for (const std::size_t i : indices) paths.push_back(recordings[i].path);
    const std::vector<std::string> names = unique_stems(paths);
    for (std::size_t k = 0; k < indices.size(); ++k) {
      stems[indices[k]] = recordings[indices[k]].place.parent_path() / names[k];
    }
  }
  return stems;
}

}  // namespace relax_spectro
