#include "relax_spectro/output_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "input_file.hpp"
#include "relax_spectro/error.hpp"

namespace relax_spectro {

void refuse_existing(const std::filesystem::path& path, Overwrite overwrite) {
  std::error_code ignored;  // what is wrong with the path shows when it is written
  if (overwrite == Overwrite::no && std::filesystem::exists(path, ignored)) {
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
  temporary_path_.replace_filename(
      fmt::format(".{}.{}.partial{}", path_.stem().string(), getpid(), path_.extension().string()));
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

void OutputFile::commit() {
  refuse_existing(path_, overwrite_);
  std::error_code error;
  std::filesystem::rename(temporary_path_, path_, error);
  if (error)
    throw IoError(fmt::format("{}: cannot be written: {}", path_.string(), error.message()));
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
