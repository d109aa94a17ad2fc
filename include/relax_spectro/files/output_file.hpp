#pragma once

#include <filesystem>
#include <functional>
#include <future>
#include <span>
#include <string>
#include <string_view>

namespace relax_spectro {

/// Whether an output may replace an existing file.
enum class Overwrite { no, yes };

/// The mark of this tool in figures, pages and arrays: "relax-spectro VERSION".
[[nodiscard]] std::string own_mark();

/// Whether this tool wrote a file. Its first or last kilobyte must contain the mark for its type
/// (data/FORMAT.md). Audacity labels cannot contain a mark, so their name marks them:
/// NAME.relax-spectro.txt. False if the file is not regular or cannot be read.
[[nodiscard]] bool is_own_file(const std::filesystem::path& path);

/// Protects files that the program reads from being replaced by its outputs. The arrays beside a
/// result's JSON (NAME.npz) are protected too. Do not call this while other threads write files.
void keep_inputs(std::span<const std::filesystem::path> files);

/// Refuses to overwrite inputs and files that this tool did not make. Refuses its own files too,
/// unless `overwrite` is yes.
/// @throws IoError  the file already exists and may not be overwritten.
void refuse_existing(const std::filesystem::path& path, Overwrite overwrite);

/// A file that is being written. It has a temporary name in the same folder and is renamed in one
/// step. So a finished file is never damaged, and a partial file never appears under the final
/// name.
class OutputFile {
 public:
  /// Creates missing parent folders.
  /// @throws IoError  the file already exists and may not be overwritten, or its folder cannot be
  ///                  created.
  OutputFile(std::filesystem::path path, Overwrite overwrite);

  /// Removes the temporary file, unless it was committed.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// Its final path.
  [[nodiscard]] const std::filesystem::path& place() const { return path_; }

  /// Where to write.
  [[nodiscard]] const std::filesystem::path& temporary_path() const { return temporary_path_; }

  /// Writes a complete text file. @throws IoError  it cannot be written.
  void write(std::string_view text) const;

  /// Lets `write` make the file at the temporary path, while the caller does other work.
  void write_meanwhile(std::function<void(const std::filesystem::path&)> write);

  /// Waits until write_meanwhile() is done. @throws what `write` threw
  void wait();

  /// Removes the existing file, if it may be overwritten. @throws IoError
  void clear_place() const;

  /// Renames the file to its final name. @throws IoError  it cannot be renamed.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_path_;
  Overwrite overwrite_;
  std::future<void> writing_;
};

/// The final path of a file that is being written, for messages. If `path` is not the temporary
/// path of an OutputFile, it is returned unchanged.
[[nodiscard]] std::filesystem::path place_of(const std::filesystem::path& path);

/// Removes what a killed program left of unfinished results: temporary files, and results that lack
/// only their JSON. No program may be writing there.
/// @param stems  of the results: folder and file name without an ending. Other files are kept.
/// @throws IoError  a file cannot be removed.
void clear_partial_files(std::span<const std::filesystem::path> stems);

/// Writes a text file in one step. @throws IoError
void write_text_file(const std::filesystem::path& path, std::string_view text, Overwrite overwrite);

/// Reads a whole file. @throws IoError  it is missing, a folder, or unreadable.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path);

}  // namespace relax_spectro
