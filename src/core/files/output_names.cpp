#include "files/output_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <regex>
#include <set>

#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

/// Whether a result with this name would collide with another result's files: dog.flip is the flip
/// test of dog.
bool is_of_stage(const std::string& name) {
  static const std::regex kEnding(
      R"(.*\.(flip|sanity|check|mean|labels|spectrogram|listen|featout))", std::regex::icase);
  return std::regex_match(name, kEnding);
}

/// The longest stem. A file name has at most 255 bytes, and the longest ending must fit.
constexpr std::size_t kLongestStem = 225;

/// A path's name at a level of detail: 0 is the stem, 1 adds the ending, each further level a
/// folder.
std::string name_at(const std::filesystem::path& path, std::size_t level) {
  if (level == 0) return path.stem().string();
  std::string name = path.stem().string();
  if (path.has_extension()) name.append("_").append(path.extension().string(), 1);
  std::filesystem::path folder = path.parent_path();
  for (std::size_t i = 1; i < level && folder.has_filename(); ++i) {
    name.insert(0, folder.filename().string() + "_");
    folder = folder.parent_path();
  }
  return name;
}

/// In lower case, with a minus for each run of other characters than letters and digits.
std::string plain_name(const std::string& name) {
  std::string plain;
  for (const char c : core::lower_case(name)) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || (c & 0x80) != 0;
    if (is_plain) {
      plain += c;
    } else if (!plain.empty() && plain.back() != '-') {
      plain += '-';
    }
  }
  if (plain.ends_with('-')) plain.pop_back();
  return plain;
}

}  // namespace

std::vector<std::string> unique_stems(std::span<const std::filesystem::path> input_paths) {
  std::vector<std::filesystem::path> paths;
  std::set<std::filesystem::path> known;
  for (const auto& path : input_paths) {
    paths.push_back(std::filesystem::absolute(path).lexically_normal());
    if (!known.insert(paths.back()).second) {
      throw ConfigError(fmt::format("{}: is given twice; name each recording once", path.string()));
    }
  }
  std::vector<std::size_t> levels(paths.size());
  for (;;) {
    std::vector<std::string> names;
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (is_of_stage(name_at(paths[i], levels[i]))) ++levels[i];
      names.push_back(name_at(paths[i], levels[i]));
      ++uses[core::lower_case(names.back())];
    }
    const bool all_unique =
        std::all_of(uses.begin(), uses.end(), [](const auto& use) { return use.second == 1; });
    if (all_unique) {
      for (std::string& name : names) name = core::shortened(name, kLongestStem);
      return names;
    }
    bool more_to_say = false;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (uses[core::lower_case(names[i])] == 1) continue;
      ++levels[i];
      more_to_say = more_to_say || name_at(paths[i], levels[i]) != names[i];
    }
    if (!more_to_say) {  // they differ only in case
      std::map<std::string, int> files;
      for (const std::filesystem::path& path : paths) ++files[path.filename().string()];
      for (std::size_t i = 0; i < paths.size(); ++i) {
        if (uses[core::lower_case(names[i])] == 1) continue;
        const std::string file = paths[i].filename().string();
        const std::string other = files[file] == 1 ? file : paths[i].string();
        names[i] = core::numbered(paths[i].stem().string(), other);
      }
      return names;
    }
  }
}

std::vector<std::filesystem::path> placed_stems(std::span<const PlacedFile> files) {
  std::map<std::string, std::vector<std::size_t>> folders;  // some file systems ignore case
  for (std::size_t i = 0; i < files.size(); ++i) {
    folders[core::lower_case(files[i].place.parent_path().string())].push_back(i);
  }
  std::vector<std::filesystem::path> stems(files.size());
  for (const auto& [folder, indices] : folders) {
    std::vector<std::filesystem::path> paths;
    for (const std::size_t i : indices) paths.push_back(files[i].path);
    const std::vector<std::string> names = unique_stems(paths);
    for (std::size_t k = 0; k < indices.size(); ++k) {
      stems[indices[k]] = files[indices[k]].place.parent_path() / names[k];
    }
  }
  return stems;
}

std::vector<std::filesystem::path> stems_for_each(const std::filesystem::path& stem,
                                                  std::span<const std::string> names) {
  std::vector<std::filesystem::path> stems;
  std::set<std::string> taken;
  for (const std::string& name : names) {
    const std::string plain = plain_name(name);
    std::string unique = plain;
    for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}-{}", plain, i);
    const std::string whole = stem.filename().string() + "@" + unique;
    stems.push_back(stem.parent_path() / core::shortened(whole, kLongestStem));
  }
  return stems;
}

}  // namespace relax_spectro
