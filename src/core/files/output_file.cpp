#include "relax_spectro/files/output_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <system_error>
#include <vector>

#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr const char* kPartial = "partial";

void remove_file(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) {
    throw IoError(fmt::format("{}: cannot be removed: {}", path.string(), error.message()));
  }
}

/// A model's card lies beside it, and a result of that name would take its place.
bool is_model_card(const std::filesystem::path& path) {
  if (path.extension() != ".json" || !std::filesystem::is_regular_file(path)) return false;
  std::ifstream file(path);
  const auto json = nlohmann::json::parse(file, nullptr, false);
  return json.is_object() && json.contains("card_version");
}

/// A name as a temporary file has it, which leaves room in the 255 bytes of a file name for the
/// rest of the temporary name, and for what libzip adds.
std::string temporary_name(const std::string& name) {
  constexpr std::size_t kLongest = 210;
  constexpr std::size_t kKept = 190;
  if (name.size() <= kLongest) return name;
  return fmt::format("{}~{:016x}", name.substr(0, kKept), std::hash<std::string>{}(name));
}

/// A temporary file, as OutputFile names them.
struct PartialFile {
  std::filesystem::path path;
  std::string name;    ///< temporary_name of the file that it was to become, without ending
  std::string ending;  ///< ".json"
};

std::vector<PartialFile> partial_files_in(const std::filesystem::path& folder) {
  // libzip writes to a temporary file of its own, of that name and six letters.
  static const std::regex kPattern(
      fmt::format(R"(\.(.+)\.[0-9]+\.{}(\.[^.]+)(\.[A-Za-z0-9]{{6}})?)", kPartial));
  std::vector<PartialFile> files;
  std::error_code ignored;  // a folder that is not there yet; what else is wrong shows later
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    std::smatch parts;
    if (std::regex_match(name, parts, kPattern))
      files.push_back({entry.path(), parts[1], parts[2]});
  }
  return files;
}

/// See Note [The JSON is there only where the result is whole].
/// @param stem  of the file that it was to become, with its folder
void clear_partial_file(const std::string& stem, const PartialFile& file) {
  std::error_code ignored;
  if (file.ending == ".json" && !std::filesystem::exists(stem + ".json", ignored)) {
    for (const char* ending : {".npz", ".png", ".svg", ".pdf"}) remove_file(stem + ending);
  }
  remove_file(file.path);
}

}  // namespace

void refuse_existing(const std::filesystem::path& path, Overwrite overwrite) {
  std::error_code ignored;  // what is wrong with the path shows when it is written
  if (!std::filesystem::exists(path, ignored)) return;
  if (is_model_card(path)) {
    throw IoError(fmt::format("{}: is a model card, which nothing overwrites; name another output",
                              path.string()));
  }
  if (overwrite == Overwrite::no) {
    throw IoError(
        fmt::format("{}: is there already; name another output, or add --overwrite if you are sure",
                    path.string()));
  }
}

OutputFile::OutputFile(std::filesystem::path path, Overwrite overwrite)
    : path_(std::move(path)), overwrite_(overwrite) {
  refuse_existing(path_, overwrite_);
  std::error_code error;
  if (path_.has_parent_path()) std::filesystem::create_directories(path_.parent_path(), error);
  if (error) {
    throw IoError(fmt::format("{}: the folder cannot be made: {}", path_.parent_path().string(),
                              error.message()));
  }
  // The ending stays, since some writers choose the format by it.
  temporary_path_ = path_;
  temporary_path_.replace_filename(fmt::format(".{}.{}.{}{}", temporary_name(path_.stem().string()),
                                               getpid(), kPartial, path_.extension().string()));
}

OutputFile::~OutputFile() {
  std::error_code ignored;
  std::filesystem::remove(temporary_path_, ignored);
}

void OutputFile::write(std::string_view text) const {
  std::ofstream file(temporary_path_, std::ios::binary);
  file << text;
  file.close();
  if (!file) {
    throw IoError(fmt::format("{}: cannot be written: {}", path_.string(), std::strerror(errno)));
  }
}

void OutputFile::clear_place() const {
  refuse_existing(path_, overwrite_);
  remove_file(path_);
}

void OutputFile::commit() {
  refuse_existing(path_, overwrite_);
  std::error_code error;
  std::filesystem::rename(temporary_path_, path_, error);
  if (error)
    throw IoError(fmt::format("{}: cannot be written: {}", path_.string(), error.message()));
}

void clear_partial_files(std::span<const std::filesystem::path> stems) {
  std::map<std::filesystem::path, std::map<std::string, std::string>> stems_in;
  for (const auto& stem : stems) {
    stems_in[stem.parent_path()].emplace(temporary_name(stem.filename().string()), stem.string());
  }
  for (const auto& [folder, stem_of] : stems_in) {
    for (const PartialFile& file : partial_files_in(folder)) {
      const auto stem = stem_of.find(file.name);
      if (stem != stem_of.end()) clear_partial_file(stem->second, file);
    }
  }
}

void write_text_file(const std::filesystem::path& path, std::string_view text,
                     Overwrite overwrite) {
  OutputFile output(path, overwrite);
  output.write(text);
  output.commit();
}

std::string read_text_file(const std::filesystem::path& path) {
  core::require_readable_file(path);
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) throw IoError(fmt::format("{}: cannot be read", path.string()));
  return text;
}

}  // namespace relax_spectro
