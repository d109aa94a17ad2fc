#include "relax_spectro/files/output_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "base/text.hpp"
#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"

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

constexpr std::streamoff kMarkedBytes = 1024;  // at either end of a file

/// The first and last bytes of a file. Empty if it cannot be read.
std::string ends_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(2 * kMarkedBytes, '\0');
  file.read(text.data(), kMarkedBytes);
  auto filled = static_cast<std::size_t>(file.gcount());
  if (file) {
    file.seekg(0, std::ios::end);
    const std::streamoff rest = file.tellg() - kMarkedBytes;
    file.seekg(-std::min(rest, kMarkedBytes), std::ios::end);
    file.read(text.data() + filled, kMarkedBytes);
    filled += static_cast<std::size_t>(file.gcount());
  }
  text.resize(filled);
  return text;
}

/// Where this tool's mark is in each kind of file that it writes. The tool's name is not enough: a
/// user's own table may contain a path with it.
const std::map<std::string, std::regex>& marks() {
  constexpr const char* kTable = R"(^([^\n]*[,\t])?relax_spectro[,\t\r\n])";  // a column's name
  static const std::map<std::string, std::regex> kAll{
      {".csv", std::regex(kTable)},
      {".html", std::regex(R"(<meta name="generator" content="relax-spectro \d)")},
      {".json", std::regex(R"("format":\s*"relax-spectro )")},
      {".npz", std::regex(R"(^PK[\s\S]*relax-spectro \d)")},
      {".pdf", std::regex(R"(% relax-spectro \d[^\n]*\n$)")},
      {".png", std::regex(R"(tEXtSoftware[^ -~]relax-spectro \d)")},
      {".pt", std::regex(R"(/extra/relax_spectro\.json)")},
      {".svg", std::regex(R"(<!-- relax-spectro \d[^>]* -->\n$)")},
      {".txt", std::regex(kTable)},
      {".wav", std::regex(R"(LIST[\s\S]*ISFT[\s\S]{4}relax-spectro \d)")},
      {".xml", std::regex(R"(<testsuite name="relax-spectro check")")}};
  return kAll;
}

/// The input files of this run. They are set once, when the options are known.
std::set<std::filesystem::path>& inputs() {
  static std::set<std::filesystem::path> files;
  return files;
}

/// The same path for all names of a file, with links resolved.
std::filesystem::path resolved(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path one = std::filesystem::weakly_canonical(path, error);
  return error ? path : one;
}

/// The part of a path that is a file, although it would have to be a folder.
std::filesystem::path file_above(std::filesystem::path path) {
  std::error_code ignored;
  do {
    path = path.parent_path();
  } while (path.has_relative_path() && !std::filesystem::exists(path, ignored));
  return path;
}

/// A name for use in a temporary file's name. A file name has at most 255 bytes. This leaves room
/// for the rest of the temporary name, and for what libzip appends.
std::string temporary_name(const std::string& name) {
  constexpr std::size_t kLongest = 210;
  return core::shortened(name, kLongest);
}

/// A temporary file, as named by OutputFile.
struct PartialFile {
  std::filesystem::path path;
  std::string name;    ///< temporary_name() of the final file, without its ending
  std::string ending;  ///< ".json"
};

std::optional<PartialFile> as_partial_file(const std::filesystem::path& path) {
  // libzip writes to its own temporary file: this name plus six letters.
  static const std::regex kPattern(
      fmt::format(R"(\.(.+)\.[0-9]+\.{}(\.[^.]+)(\.[A-Za-z0-9]{{6}})?)", kPartial));
  const std::string name = path.filename().string();
  std::smatch parts;
  if (!std::regex_match(name, parts, kPattern)) return std::nullopt;
  return PartialFile{path, parts[1], parts[2]};
}

std::vector<PartialFile> partial_files_in(const std::filesystem::path& folder) {
  std::vector<PartialFile> files;
  std::error_code ignored;  // the folder may not exist yet; later steps report other errors
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (auto file = as_partial_file(entry.path())) files.push_back(std::move(*file));
  }
  return files;
}

/// See Note [The JSON is there only where the result is whole].
/// @param stem  of the final file, with its folder
void clear_partial_file(const std::string& stem, const PartialFile& file) {
  std::error_code ignored;
  if (file.ending == ".json" && !std::filesystem::exists(stem + ".json", ignored)) {
    for (const char* ending : {".npz", ".png", ".svg", ".pdf"}) {
      if (is_own_file(stem + ending)) remove_file(stem + ending);
    }
  }
  remove_file(file.path);
}

}  // namespace

std::string own_mark() { return fmt::format("relax-spectro {}", version()); }

bool is_own_file(const std::filesystem::path& path) {
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(path, unreadable)) return false;
  if (path.stem().extension() == ".relax-spectro") return true;
  const std::string text = ends_of(path);
  const auto mark = marks().find(core::lower_case(path.extension().string()));
  if (mark != marks().end()) return std::regex_search(text, mark->second);
  // Users may give a report any name.
  return std::ranges::any_of(
      marks(), [&text](const auto& any) { return std::regex_search(text, any.second); });
}

void keep_inputs(std::span<const std::filesystem::path> files) {
  for (std::filesystem::path file : files) {
    inputs().insert(resolved(file));
    if (file.extension() == ".json") inputs().insert(resolved(file.replace_extension(".npz")));
  }
}

void refuse_existing(const std::filesystem::path& path, Overwrite overwrite) {
  std::error_code error;  // writing to the path will report all but one
  const std::filesystem::file_status status = std::filesystem::symlink_status(path, error);
  if (error == std::errc::not_a_directory) {
    throw IoError(fmt::format("{}: expected a folder for the output (-o), and it is a file",
                              file_above(path).string()));
  }
  if (!std::filesystem::exists(status)) return;
  if (!is_own_file(path)) {
    throw IoError(
        fmt::format("{}: already exists, and relax-spectro did not make it, so it is not "
                    "overwritten; name another output, or move it away",
                    path.string()));
  }
  if (!inputs().empty() && inputs().contains(resolved(path))) {
    throw IoError(
        fmt::format("{}: is an input of this run, and would be overwritten; name another output",
                    path.string()));
  }
  if (overwrite == Overwrite::no) {
    throw IoError(
        fmt::format("{}: already exists; name another output, or add --overwrite if you are sure",
                    path.string()));
  }
}

std::filesystem::path place_of(const std::filesystem::path& path) {
  const std::optional<PartialFile> partial = as_partial_file(path);
  return partial ? path.parent_path() / (partial->name + partial->ending) : path;
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
  // The ending stays, because some writers choose the format by it.
  temporary_path_ = path_;
  temporary_path_.replace_filename(fmt::format(".{}.{}.{}{}", temporary_name(path_.stem().string()),
                                               getpid(), kPartial, path_.extension().string()));
}

OutputFile::~OutputFile() {
  if (writing_.valid()) writing_.wait();
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

void OutputFile::write_meanwhile(std::function<void(const std::filesystem::path&)> write) {
  writing_ = std::async([this, write = std::move(write)] { write(temporary_path_); });
}

void OutputFile::wait() {
  if (writing_.valid()) writing_.get();
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
