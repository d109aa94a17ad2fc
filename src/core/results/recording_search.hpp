#pragma once

#include <filesystem>
#include <memory>

#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro {

/// Finds the recordings of results, even if they or the results were moved.
class RecordingSearch {
 public:
  /// @param folder  searched with its subfolders; empty: search nowhere else.
  /// @throws IoError  the folder does not exist.
  explicit RecordingSearch(std::filesystem::path folder = {});
  ~RecordingSearch();
  RecordingSearch(const RecordingSearch&) = delete;
  RecordingSearch& operator=(const RecordingSearch&) = delete;

  /// The current path of a recording. It searches the recorded path, then the recorded file name
  /// beside the result, then the folder. The first file with the recorded SHA-256 is returned. If
  /// there is none, the file at the recorded path is returned, and its `sha256` shows that it has
  /// changed.
  /// @param recorded   as stored in the result.
  /// @param json_path  of the result.
  /// @throws IoError   the recording was not found; the message says what to do.
  [[nodiscard]] SourceFile find(const SourceFile& recorded, const std::filesystem::path& json_path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
