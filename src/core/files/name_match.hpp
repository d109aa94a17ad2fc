#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro::core {

/// Matches the names in a table to recordings. Full file names are tried first, then names without
/// their endings, then the latter in any case. Among equal file names the folders decide, as far as
/// both sides name them. "/" and "\" both separate folders. Names that differ only in Unicode
/// normalisation are equal.
class RecordingNames {
 public:
  /// @param recordings  all recordings that of() will be called with. A name belongs to the
  ///                    recording that it matches best. Recordings with the same SHA-256 count as
  ///                    one.
  /// @param table       the file that errors name.
  RecordingNames(const std::set<std::string>& names, std::span<const SourceFile> recordings,
                 std::filesystem::path table);
  ~RecordingNames();
  RecordingNames(const RecordingNames&) = delete;
  RecordingNames& operator=(const RecordingNames&) = delete;

  /// The names of one of the recordings; none if no name matches.
  /// @throws IoError  names or recordings are ambiguous.
  [[nodiscard]] std::set<std::string> of(const SourceFile& recording) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Finds the files that a table names, as the file system spells them. Each folder is read once, on
/// first use. So an object should live only as long as its table is being read.
class NamedFiles {
 public:
  /// @param folder  the base of relative names.
  explicit NamedFiles(std::filesystem::path folder);
  ~NamedFiles();
  NamedFiles(const NamedFiles&) = delete;
  NamedFiles& operator=(const NamedFiles&) = delete;

  /// The path of a file: one with exactly this name, or else one that matches under the rules above
  /// (the ending must match too). If there is none, the name itself. The path of a relative name is
  /// relative to the same folder.
  [[nodiscard]] std::filesystem::path path_of(const std::string& name);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro::core
