#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace relax_spectro {

/// Whether an output may take the place of a file that is there already.
enum class Overwrite { no, yes };

/// What marks figures, pages and arrays as this tool's: "relax-spectro VERSION".
[[nodiscard]] std::string own_mark();

/// Whether this tool wrote a file: its first or last kilobyte holds the mark that files of its
/// ending have, as data/FORMAT.md says. Labels of Audacity can hold none and have it in their name:
/// NAME.relax-spectro.txt. False for what is no regular file, or cannot be read.
[[nodiscard]] bool is_own_file(const std::filesystem::path& path);

/// Lets no output of this program take the place of these files, which it reads. The arrays beside
/// a result's JSON (NAME.npz) count with it. Not to be called while other threads write files.
void keep_inputs(std::span<const std::filesystem::path> files);

/// Lets nothing be overwritten but what this tool made, and that only where asked; and no input.
/// @throws IoError  the file already exists and may not be overwritten.
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

/// Where the file that is written here is to be in the end, for messages: the place of an
/// OutputFile whose temporary path this is, else the path itself.
[[nodiscard]] std::filesystem::path place_of(const std::filesystem::path& path);

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
