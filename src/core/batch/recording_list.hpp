#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// A recording to process, from a folder or a list.
struct ListedRecording {
  std::filesystem::path path;   ///< for opening it
  std::filesystem::path place;  ///< relative to the folder or list that names it: "night/dog.wav"
  std::string label = {};       ///< what it is; empty if unknown
};

/// The recordings that inputs name.
struct RecordingList {
  std::vector<ListedRecording> recordings;  ///< sorted by path
  std::vector<std::string> unread;          ///< a message for each unreadable folder
};

/// The recordings that inputs name. An input is one of
///
/// * A folder: all recordings in it and its subfolders, recognised by their endings. Links to
///   folders are followed, and each folder is read once. Hidden files and folders are skipped, and
///   so are those that systems create ($RECYCLE.BIN, System Volume Information, __MACOSX ...).
/// * A list (`.txt`) with one path a line, or a table (`.csv`) with a column `file` and optionally
///   `label`. Other names for these columns are those of read_boxes. Paths are relative to the
///   list. Empty lines are skipped. If a file does not exist, `\` is read as `/`. Names may then
///   also differ in Unicode normalisation, or else in case.
/// * Any other file: a recording.
///
/// Recordings in folders and lists are not opened yet, so missing ones are not noticed here.
/// @throws IoError      a folder or list has no recording or cannot be read, or a line of a list is
///                      not valid. The message names the file and the line.
/// @throws ConfigError  a recording is named twice.
[[nodiscard]] RecordingList list_recordings(std::span<const std::filesystem::path> inputs);

/// A unique path without ending for the results of each recording, relative to an output folder.
/// Subfolders are mirrored. Within each, names follow unique_stems.
/// @throws ConfigError  as unique_stems.
[[nodiscard]] std::vector<std::filesystem::path> result_stems(
    std::span<const ListedRecording> recordings);

}  // namespace relax_spectro
