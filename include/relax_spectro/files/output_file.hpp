#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace relax_spectro {

/// Whether an output may take the place of a file that is there already.
enum class Overwrite { no, yes };

/// Lets no finished file be overwritten unasked, and no model card at all.
/// @throws IoError  the file is there already and may not be overwritten.
void refuse_existing(const std::filesystem::path& path, Overwrite overwrite);

/// A file in the making. It is written under a temporary name beside its place and moved there in
/// one step, so that a finished file is never damaged and a half-written one never seen.
class OutputFile {
 public:
  /// Makes missing parent folders.
  /// @throws IoError  the file is there already and may not be overwritten; or its folder cannot
  ///                  be made.
  OutputFile(std::filesystem::path path, Overwrite overwrite);

  /// Removes the temporary file, unless it was committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Where to write.
  [[nodiscard]] const std::filesystem::path& temporary_path() const { return temporary_path_; }

  /// Writes the whole of a text file. @throws IoError  it cannot be written.
  void write(std::string_view text) const;

  /// Removes what is in its place, where it may be overwritten. @throws IoError
  void clear_place() const;

  /// Moves the file to its place. @throws IoError  it cannot be moved.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_path_;
  Overwrite overwrite_;
};

/// Removes what a program that was killed left of results in the making: their temporary files, and
/// the files of a result that lacks nothing but its JSON to be whole. No program may be writing
/// there.
/// @param stems  of the results: folder and file name without an ending. Others are left alone.
/// @throws IoError  one of them cannot be removed.
void clear_partial_files(std::span<const std::filesystem::path> stems);

/// Writes a text file in one step. @throws IoError
void write_text_file(const std::filesystem::path& path, std::string_view text, Overwrite overwrite);

/// Reads a whole file. @throws IoError  missing, a folder, or unreadable.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path);

}  // namespace relax_spectro
