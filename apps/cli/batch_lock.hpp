#pragma once

#include <filesystem>

namespace relax_spectro::cli {

/// The file `.NAME.relax-spectro.lock` beside a table. It keeps a second program from the table,
/// and from the temporary files of the first. The system releases it when the program ends.
class BatchLock {
 public:
  /// Makes missing folders. Does nothing on file systems without locks.
  /// @throws IoError  another program writes the table, or the folder cannot be written.
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
