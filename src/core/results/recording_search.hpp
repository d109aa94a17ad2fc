#pragma once

#include <filesystem>
#include <memory>

#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro {

/// Finds the recordings that results were made from, although they or the results were moved.
class RecordingSearch {
 public:
  /// @param folder  where recordings may lie, or below it; empty: nowhere else.
  /// @throws IoError  there is no such folder.
  explicit RecordingSearch(std::filesystem::path folder = {});
  ~RecordingSearch();
  RecordingSearch(const RecordingSearch&) = delete;
  RecordingSearch& operator=(const RecordingSearch&) = delete;

  /// Where a recording is now: at its recorded path, or under its file name beside the result, or
  /// in the folder or below it. The first whose SHA-256 is the recorded one is taken. Where none
  /// is, the file at the recorded path is: its `sha256` tells that it has changed.
  /// @param recorded   as the result has it.
  /// @param json_path  of the result.
  /// @throws IoError   it is in none of these places; the message says what to do.
  [[nodiscard]] SourceFile find(const SourceFile& recorded, const std::filesystem::path& json_path);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
