#include "batch/recording_list.hpp"

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
#include "files/folder_walk.hpp"
#include "files/labels_table.hpp"
#include "files/name_match.hpp"
#include "files/output_names.hpp"
#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

// Common endings that libsndfile reads.
constexpr std::array kEndings{".aif"sv,  ".aifc"sv, ".aiff"sv, ".au"sv,  ".caf"sv,
                              ".flac"sv, ".mp3"sv,  ".oga"sv,  ".ogg"sv, ".opus"sv,
                              ".rf64"sv, ".snd"sv,  ".w64"sv,  ".wav"sv, ".wave"sv};

bool is_recording(const fs::path& path) {
  return std::ranges::count(kEndings, core::lower_case(path.extension().string())) > 0;
}

RecordingList recordings_in(const fs::path& folder) {
  const core::FolderContent content = core::files_below(folder);
  RecordingList list;
  for (const core::UnreadFolder& unread : content.unread) {
    list.unread.push_back(
        fmt::format("{}: the folder cannot be read: {}; its recordings are left out",
                    unread.path.string(), unread.reason));
  }
  for (const fs::path& path : content.files) {
    if (is_recording(path)) list.recordings.push_back({path, path.lexically_relative(folder)});
  }
  if (list.recordings.empty()) {
    throw IoError(
        list.unread.empty()
            ? fmt::format("{}: the folder holds no recording; expected files ending in {}",
                          folder.string(), fmt::join(kEndings, " "))
            : fmt::format("{}", fmt::join(list.unread, "; ")));
  }
  return list;
}

/// A recording that a list names.
ListedRecording listed(const fs::path& list, core::NamedFiles& files, const std::string& text) {
  const fs::path named = files.path_of(text);
  const fs::path normal = named.lexically_normal();
  const bool below = named.is_relative() && *normal.begin() != "..";
  return {named.is_relative() ? list.parent_path() / named : named,
          below ? normal : named.filename()};
}

/// A line of a list, with its number.
struct Entry {
  ListedRecording recording;
  std::size_t line;
};

std::vector<Entry> read_path_list(const fs::path& path) {
  core::NamedFiles files(path.parent_path());
  std::vector<Entry> entries;
  std::size_t number = 0;
  for (const std::string& line : core::lines_of(path)) {
    ++number;
    const std::string name = boost::algorithm::trim_copy(line);
    if (!name.empty()) entries.push_back({listed(path, files, name), number});
  }
  return entries;
}

std::vector<Entry> read_table(const fs::path& path) {
  core::NamedFiles files(path.parent_path());
  std::vector<Entry> entries;
  const LabelsTable table(path, LabelColumns::file_and_label);
  for (const RecordingLabel& row : table.rows()) {
    entries.push_back({listed(path, files, row.file), row.line});
    entries.back().recording.label = row.label;
  }
  return entries;
}

fs::path identity_of(const fs::path& path) { return fs::absolute(path).lexically_normal(); }

RecordingList recordings_of(const fs::path& list, const std::vector<Entry>& entries) {
  if (entries.empty()) {
    throw IoError(
        fmt::format("{}: names no recording; expected a path in each line", list.string()));
  }
  std::map<fs::path, std::size_t> lines;
  RecordingList recordings;
  for (const Entry& entry : entries) {
    const auto [first, is_new] = lines.emplace(identity_of(entry.recording.path), entry.line);
    if (!is_new) {
      core::TablePlace{list, entry.line}.fail(
          fmt::format("{} is also in line {}; name each recording once",
                      entry.recording.path.string(), first->second));
    }
    recordings.recordings.push_back(entry.recording);
  }
  return recordings;
}

RecordingList recordings_of(const fs::path& input) {
  std::error_code error;  // errors of access appear when the file is opened
  // A mistyped name is an error, not a failed recording.
  if (!fs::exists(input, error) && !error) {
    throw IoError(input.string() + ": no such file or folder");
  }
  if (fs::is_directory(input, error)) return recordings_in(input);
  const std::string ending = core::lower_case(input.extension().string());
  if (ending == ".txt") return recordings_of(input, read_path_list(input));
  if (ending == ".csv") return recordings_of(input, read_table(input));
  return {{{input, input.filename()}}, {}};
}

}  // namespace

RecordingList list_recordings(std::span<const fs::path> inputs) {
  RecordingList all;
  for (const fs::path& input : inputs) {
    RecordingList list = recordings_of(input);
    std::ranges::move(list.recordings, std::back_inserter(all.recordings));
    std::ranges::move(list.unread, std::back_inserter(all.unread));
  }
  std::ranges::sort(all.recordings, {}, &ListedRecording::path);
  std::map<fs::path, fs::path> known;
  for (const ListedRecording& recording : all.recordings) {
    if (known.emplace(identity_of(recording.path), recording.path).second) continue;
    throw ConfigError(
        fmt::format("{}: is given twice, by several folders, lists or files; "
                    "name each recording once",
                    recording.path.string()));
  }
  return all;
}

std::vector<fs::path> result_stems(std::span<const ListedRecording> recordings) {
  std::vector<PlacedFile> files;
  for (const ListedRecording& recording : recordings) {
    files.push_back({recording.path, recording.place});
  }
  return placed_stems(files);
}

}  // namespace relax_spectro
