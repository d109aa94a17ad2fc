#include "files/name_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/replace.hpp>
#include <compare>
#include <map>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "files/unicode_text.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

namespace fs = std::filesystem;

/// A name's folders and its file, the last first, spelled so that equal ones are the same.
using Parts = std::vector<std::string>;

struct Named {
  std::string text;
  Parts parts;
  std::string sha256;  ///< of a recording
};

/// Names of the same file.
using Group = std::vector<Named>;

/// When names are the same, from strict to lax.
struct Spelling {
  bool with_ending;
  bool with_case;
};
constexpr std::array kSpellings{Spelling{true, true}, Spelling{false, true},
                                Spelling{false, false}};

fs::path with_slashes(const std::string& name) {
  return boost::algorithm::replace_all_copy(name, "\\", "/");
}

std::string spelled(const std::string& text, bool with_case) {
  return with_case ? composed(text) : composed_without_case(text);
}

Parts parts_of(const std::string& name, const Spelling& spelling) {
  fs::path path = with_slashes(name).lexically_normal();
  if (!spelling.with_ending) path.replace_extension();
  Parts parts;
  for (const fs::path& part : path) parts.push_back(spelled(part.string(), spelling.with_case));
  std::ranges::reverse(parts);
  return parts;
}

std::string file_of(const Named& recording) {
  return parts_of(recording.text, kSpellings.front()).front();
}

/// How well two names of one file fit each other.
struct Fit {
  bool no_contradiction = false;  ///< one of them is the end of the other
  std::size_t parts = 0;          ///< that are the same, from the file on
  bool whole = false;             ///< they are the same throughout

  auto operator<=>(const Fit&) const = default;
};

Fit fit_of(const Parts& a, const Parts& b) {
  const auto end = std::ranges::mismatch(a, b);
  const bool a_ends = end.in1 == a.end();
  const bool b_ends = end.in2 == b.end();
  return {a_ends || b_ends, static_cast<std::size_t>(end.in1 - a.begin()), a_ends && b_ends};
}

/// Those that fit a recording best: all without a contradiction, if there are any.
Group best_of(const Group& names, const Parts& recording) {
  Fit best;
  for (const Named& name : names) best = std::max(best, fit_of(name.parts, recording));
  Group found;
  for (const Named& name : names) {
    const Fit fit = fit_of(name.parts, recording);
    if (best.no_contradiction ? fit.no_contradiction : fit == best) found.push_back(name);
  }
  return found;
}

}  // namespace

struct RecordingNames::Impl {
  /// The names of one file and the recordings that are called so.
  struct File {
    Group names;
    Group recordings;
  };
  /// @throws IoError  the names contradict each other.
  void require_one(const Group& found, const std::string& recording) const;
  /// Whether no other recording fits the name better. @throws IoError  one fits it as well.
  [[nodiscard]] bool is_of(const Named& name, const Named& recording, const Group& all) const;

  fs::path table;
  std::array<std::map<std::string, File>, kSpellings.size()> files;  ///< by their last part
};

void RecordingNames::Impl::require_one(const Group& found, const std::string& recording) const {
  const Named& longest =
      *std::ranges::max_element(found, {}, [](const Named& name) { return name.parts.size(); });
  for (const Named& name : found) {
    if (fit_of(name.parts, longest.parts).no_contradiction) continue;
    throw IoError(fmt::format(
        "{}: names {} and {}, and {} may be either; expected the folders in the table as they are "
        "called where the recording lies",
        table.string(), name.text, longest.text, recording));
  }
}

bool RecordingNames::Impl::is_of(const Named& name, const Named& recording,
                                 const Group& all) const {
  const Fit mine = fit_of(name.parts, recording.parts);
  for (const Named& other : all) {
    if (other.sha256 == recording.sha256) continue;
    const Fit fit = fit_of(name.parts, other.parts);
    if (fit > mine) return false;
    if (fit < mine) continue;
    throw IoError(fmt::format(
        "{}: names {}, which may be {} or {}; expected the name with its folder, which tells them "
        "apart",
        table.string(), name.text, recording.text, other.text));
  }
  return true;
}

RecordingNames::RecordingNames(const std::set<std::string>& names,
                               std::span<const SourceFile> recordings, fs::path table)
    : impl_(std::make_unique<Impl>()) {
  impl_->table = std::move(table);
  for (std::size_t i = 0; i < kSpellings.size(); ++i) {
    const auto add = [&](Group Impl::File::*group, Named named) {
      named.parts = parts_of(named.text, kSpellings[i]);
      if (!named.parts.empty()) {
        (impl_->files[i][named.parts.front()].*group).push_back(std::move(named));
      }
    };
    for (const std::string& name : names) add(&Impl::File::names, {name, {}, {}});
    for (const SourceFile& recording : recordings) {
      add(&Impl::File::recordings, {recording.path.string(), {}, recording.sha256});
    }
  }
}

RecordingNames::~RecordingNames() = default;

std::set<std::string> RecordingNames::of(const SourceFile& recording) const {
  for (std::size_t i = 0; i < kSpellings.size(); ++i) {
    const std::string text = recording.path.string();
    const Named me{text, parts_of(text, kSpellings[i]), recording.sha256};
    const auto file = impl_->files[i].find(me.parts.empty() ? "" : me.parts.front());
    if (file == impl_->files[i].end() || file->second.names.empty()) continue;
    const Group found = best_of(file->second.names, me.parts);
    impl_->require_one(found, text);
    std::set<std::string> mine;
    Group others = file->second.recordings;
    // dog.wav and dog.flac may both have the boxes of dog.wav: they are one sound.
    if (kSpellings[i].with_case) {
      std::erase_if(others, [&](const Named& other) { return file_of(other) != file_of(me); });
    }
    for (const Named& name : found) {
      if (impl_->is_of(name, me, others)) mine.insert(name.text);
    }
    return mine;
  }
  return {};
}

namespace {

bool is_there(const fs::path& path) {
  std::error_code unreadable;
  return fs::exists(path, unreadable);
}

/// The one entry of a folder that is called so.
std::optional<fs::path> entry_called(const fs::path& folder, const std::string& name,
                                     bool with_case) {
  std::optional<fs::path> found;
  std::error_code unreadable;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(folder.empty() ? "." : folder, unreadable)) {
    const fs::path entry_name = entry.path().filename();
    if (spelled(entry_name.string(), with_case) != spelled(name, with_case)) continue;
    if (found) return std::nullopt;
    found = entry_name;
  }
  return found;
}

}  // namespace

fs::path path_in_folder(const fs::path& folder, const std::string& name) {
  if (is_there(folder / name)) return name;
  fs::path path;
  for (const fs::path& part : with_slashes(name)) {
    if (is_there(folder / path / part)) {
      path /= part;
      continue;
    }
    std::optional<fs::path> entry;
    for (const bool with_case : {true, false}) {
      if (!entry) entry = entry_called(folder / path, part.string(), with_case);
    }
    if (!entry) return name;
    path /= *entry;
  }
  return path;
}

}  // namespace relax_spectro::core
