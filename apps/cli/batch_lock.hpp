#pragma once

#include <filesystem>

namespace relax_spectro::cli {

/// Keeps a second program from the same table while the first is at work, and from clearing away
/// its temporary files: `.NAME.lock` beside the table. The system lets go of it when the program
/// ends, however it ends.
class BatchLock {
 public:
  /// Makes missing folders. On file systems that know no locks it holds nothing off.
  /// @throws IoError  another program is at work on the table, or the folder cannot be written.
  explicit BatchLock(const std::filesystem::path& table);
  /// Removes the file.
  ~BatchLock();
  BatchLock(const BatchLock&) = delete;
  BatchLock& operator=(const BatchLock&) = delete;

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace relax_spectro::cli
