#include "files/name_match.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

/// A path's file name and folders, file name first, in a normalised spelling.
using Parts = std::vector<std::string>;

struct Named {
  std::string text;
  Parts parts;
  std::string file;    ///< the last part, with its ending and its original case
  std::string sha256;  ///< of a recording
};

/// Names of the same file.
using Group = std::vector<Named>;

/// A rule for when two names match, from strict to lax.
struct Spelling {
  bool with_ending;
  bool with_case;
};
constexpr std::array kSpellings{Spelling{true, true}, Spelling{false, true},
                                Spelling{false, false}};

fs::path with_slashes(std::string name) {
  std::ranges::replace(name, '\\', '/');
  return name;
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

/// @param sha256  of a recording
Named named(const std::string& text, const Spelling& spelling, const std::string& sha256 = "") {
  Parts parts = parts_of(text, spelling);
  std::string file;
  if (!parts.empty()) {
    file = spelling.with_ending && spelling.with_case ? parts.front()
                                                      : parts_of(text, kSpellings.front()).front();
  }
  return {text, std::move(parts), std::move(file), sha256};
}

/// How well two names of one file match.
struct Fit {
  bool no_contradiction = false;  ///< one is a suffix of the other
  std::size_t parts = 0;          ///< number of equal parts, from the file name on
  bool whole = false;             ///< the names are equal in full

  auto operator<=>(const Fit&) const = default;  // NOLINT(modernize-use-nullptr): no pointer
};

Fit fit_of(const Parts& a, const Parts& b) {
  const auto end = std::ranges::mismatch(a, b);
  const bool a_ends = end.in1 == a.end();
  const bool b_ends = end.in2 == b.end();
  return {a_ends || b_ends, static_cast<std::size_t>(end.in1 - a.begin()), a_ends && b_ends};
}

/// The names that match a recording best. If any match without a contradiction, only those.
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
  /// The names of one file, and the recordings that share that name.
  struct File {
    Group names;
    Group recordings;
  };
  /// @throws IoError  the names contradict each other.
  void require_one(const Group& found, const std::string& recording) const;
  /// Whether no other recording matches the name better.
  /// @param all        the recordings whose spelling is equal.
  /// @param with_case  count only those that also match with their ending and case.
  /// @throws IoError  another recording matches equally well.
  [[nodiscard]] bool is_of(const Named& name, const Named& recording, const Group& all,
                           bool with_case) const;

  fs::path table;
  std::array<std::map<std::string, File>, kSpellings.size()> files;  ///< by their last part
};

void RecordingNames::Impl::require_one(const Group& found, const std::string& recording) const {
  const Named& longest =
      *std::ranges::max_element(found, {}, [](const Named& name) { return name.parts.size(); });
  for (const Named& name : found) {
    if (fit_of(name.parts, longest.parts).no_contradiction) continue;
    throw IoError(
        fmt::format("{}: names {} and {}, and {} may be either; "
                    "expected each name with the folders of its recording",
                    table.string(), name.text, longest.text, recording));
  }
}

bool RecordingNames::Impl::is_of(const Named& name, const Named& recording, const Group& all,
                                 bool with_case) const {
  const Fit mine = fit_of(name.parts, recording.parts);
  for (const Named& other : all) {
    if (other.sha256 == recording.sha256) continue;
    // dog.wav and dog.flac may both use the boxes of dog.wav, because they are the same sound.
    if (with_case && other.file != recording.file) continue;
    const Fit fit = fit_of(name.parts, other.parts);
    if (fit > mine) return false;
    if (fit < mine) continue;
    throw IoError(
        fmt::format("{}: names {}, which may be {} or {}; "
                    "expected the name with its folder, which tells them apart",
                    table.string(), name.text, recording.text, other.text));
  }
  return true;
}

RecordingNames::RecordingNames(const std::set<std::string>& names,
                               std::span<const SourceFile> recordings, fs::path table)
    : impl_(std::make_unique<Impl>()) {
  impl_->table = std::move(table);
  for (std::size_t i = 0; i < kSpellings.size(); ++i) {
    const auto add = [&](Group Impl::File::*group, Named one) {
      if (one.parts.empty()) return;
      (impl_->files[i][one.parts.front()].*group).push_back(std::move(one));
    };
    for (const std::string& name : names) add(&Impl::File::names, named(name, kSpellings[i]));
    for (const SourceFile& recording : recordings) {
      add(&Impl::File::recordings, named(recording.path.string(), kSpellings[i], recording.sha256));
    }
  }
}

RecordingNames::~RecordingNames() = default;

std::set<std::string> RecordingNames::of(const SourceFile& recording) const {
  for (std::size_t i = 0; i < kSpellings.size(); ++i) {
    const std::string text = recording.path.string();
    const Named me = named(text, kSpellings[i], recording.sha256);
    const auto file = impl_->files[i].find(me.parts.empty() ? "" : me.parts.front());
    if (file == impl_->files[i].end() || file->second.names.empty()) continue;
    const Group found = best_of(file->second.names, me.parts);
    impl_->require_one(found, text);
    std::set<std::string> mine;
    for (const Named& name : found) {
      if (impl_->is_of(name, me, file->second.recordings, kSpellings[i].with_case)) {
        mine.insert(name.text);
      }
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

/// The entries of a folder by normalised name; nothing if several share a name.
using Entries = std::map<std::string, std::optional<fs::path>>;

Entries entries_of(const fs::path& folder, bool with_case) {
  Entries entries;
  std::error_code unreadable;
  auto entry = fs::directory_iterator(folder.empty() ? "." : folder, unreadable);
  for (; !unreadable && entry != fs::directory_iterator(); entry.increment(unreadable)) {
    const fs::path name = entry->path().filename();
    const auto [same, is_new] = entries.emplace(spelled(name.string(), with_case), name);
    if (!is_new) same->second = std::nullopt;
  }
  return entries;
}

}  // namespace

struct NamedFiles::Impl {
  /// The only entry of a folder with this name.
  std::optional<fs::path> entry_called(const fs::path& in, const std::string& name, bool with_case);

  fs::path folder;
  std::map<std::pair<fs::path, bool>, Entries> known;  ///< by folder, and whether case counts
};

std::optional<fs::path> NamedFiles::Impl::entry_called(const fs::path& in, const std::string& name,
                                                       bool with_case) {
  const auto [entries, is_new] = known.try_emplace({in, with_case});
  if (is_new) entries->second = entries_of(in, with_case);
  const auto entry = entries->second.find(spelled(name, with_case));
  return entry == entries->second.end() ? std::nullopt : entry->second;
}

NamedFiles::NamedFiles(fs::path folder) : impl_(std::make_unique<Impl>()) {
  impl_->folder = std::move(folder);
}

NamedFiles::~NamedFiles() = default;

fs::path NamedFiles::path_of(const std::string& name) {
  const fs::path& folder = impl_->folder;
  if (is_there(folder / name)) return name;
  fs::path path;
  for (const fs::path& part : with_slashes(name)) {
    if (is_there(folder / path / part)) {
      path /= part;
      continue;
    }
    std::optional<fs::path> entry;
    for (const bool with_case : {true, false}) {
      if (!entry) entry = impl_->entry_called(folder / path, part.string(), with_case);
    }
    if (!entry) return name;
    path /= *entry;
  }
  return path;
}

}  // namespace relax_spectro::core
