#include "cli/batch_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, int error) {
  throw IoError(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(error)));
}

/// Whether the last owner of the lock has removed the file. The next program would make another.
bool is_removed(int file) {
  struct stat status {};
  return fstat(file, &status) == 0 && status.st_nlink == 0;
}

}  // namespace

BatchLock::BatchLock(const std::filesystem::path& table) : path_(table) {
  path_.replace_filename(fmt::format(".{}.relax-spectro.lock", table.filename().string()));
  std::error_code error;
  if (table.has_parent_path()) std::filesystem::create_directories(table.parent_path(), error);
  if (error) fail(table.parent_path(), error.value());
  do {
    if (file_ >= 0) close(file_);
    file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file_ < 0) fail(path_, errno);
    if (flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      close(file_);
      throw IoError(
          fmt::format("{}: another relax-spectro batch is writing this table; wait for it, or "
                      "divide the recordings with --shard",
                      table.string()));
    }
  } while (is_removed(file_));
}

BatchLock::~BatchLock() {
  unlink(path_.c_str());
  close(file_);
}

}  // namespace relax_spectro::cli
