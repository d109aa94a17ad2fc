#include "files/input_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <system_error>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

void require_readable_file(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    throw IoError(fmt::format("{}: no such file", path.string()));
  }
  if (std::filesystem::is_directory(status)) {
    throw IoError(fmt::format("{}: is a folder, expected a file", path.string()));
  }
  if (!std::filesystem::is_regular_file(status) && std::filesystem::exists(status)) {
    throw IoError(
        fmt::format("{}: is a pipe or a device, expected a file: write its content to a file first",
                    path.string()));
  }
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  if (!file) {
    throw IoError(fmt::format("{}: cannot be opened: {}", path.string(), std::strerror(errno)));
  }
  if (std::filesystem::file_size(path, error) == 0) {
    throw IoError(fmt::format("{}: the file is empty (0 bytes)", path.string()));
  }
}

}  // namespace relax_spectro::core
