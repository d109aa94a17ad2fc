#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro::core {

/// Which of a table's names mean which recording. File names have to be the same; or else those
/// without their endings; or else these whatever the case of their letters. Of equal file names the
/// folders decide, as far as both are told. "/" and "\" both stand between folders, and names that
/// differ in Unicode normalisation alone are the same.
class RecordingNames {
 public:
  /// @param recordings  all that are going to be asked for: a name that fits another of them better
  ///                    is that one's. Those of one SHA-256 are the same.
  /// @param table       the file that errors name.
  RecordingNames(const std::set<std::string>& names, std::span<const SourceFile> recordings,
                 std::filesystem::path table);
  ~RecordingNames();
  RecordingNames(const RecordingNames&) = delete;
  RecordingNames& operator=(const RecordingNames&) = delete;

  /// The names of one of the recordings; none where none fits.
  /// @throws IoError  names or recordings cannot be told apart.
  [[nodiscard]] std::set<std::string> of(const SourceFile& recording) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The files that a table names, as the file system spells them. It reads a folder once, when a
/// name is first looked for in it, so that it should live no longer than a table is read.
class NamedFiles {
 public:
  /// @param folder  what a relative name is relative to.
  explicit NamedFiles(std::filesystem::path folder);
  ~NamedFiles();
  NamedFiles(const NamedFiles&) = delete;
  NamedFiles& operator=(const NamedFiles&) = delete;

  /// The path of a file: what is there under this name, or else under one that is the same by the
  /// rule above, but with its ending. Where nothing is, the name as it stands. A path to a relative
  /// name is relative to the same folder.
  [[nodiscard]] std::filesystem::path path_of(const std::string& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro::core
