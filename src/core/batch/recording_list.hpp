#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// A recording that is to be worked on, as a folder or a list names it.
struct ListedRecording {
  std::filesystem::path path;   ///< to open it by
  std::filesystem::path place;  ///< below the folder or list that names it: "night/dog.wav"
  std::string label = {};       ///< what it is; empty where nothing says
};

/// The recordings that inputs name.
struct RecordingList {
  std::vector<ListedRecording> recordings;  ///< sorted by path
  std::vector<std::string> unread;          ///< a message for each folder that cannot be read
};

/// The recordings that inputs name. An input is one of
///
/// * a folder: all recordings in it and its subfolders, told by their endings. Links to folders are
///   followed, and each folder is looked into once. Hidden files and folders are passed over, and
///   what systems keep for themselves ($RECYCLE.BIN, System Volume Information, __MACOSX ...);
/// * a list (`.txt`), one path a line, or a table (`.csv`) with a column `file` and, where wanted,
///   `label`, or what read_boxes takes for these; paths are relative to the list. Empty lines are
///   passed over. Where no file of a name is, `\` is taken for `/`, and a file is taken whose name
///   differs in Unicode normalisation alone, or else in the case of letters;
/// * any other file: a recording.
///
/// Whether files are there shows when they are opened.
/// @throws IoError      a folder or list holds no recording or cannot be read; or a line of a list
///                      is not one: the message names the file and the line.
/// @throws ConfigError  a recording is named twice.
[[nodiscard]] RecordingList list_recordings(std::span<const std::filesystem::path> inputs);

/// Where the results of each recording lie below an output folder, without ending, each different:
/// subfolders are mirrored, and within each names are as unique_stems says.
/// @throws ConfigError  as unique_stems.
[[nodiscard]] std::vector<std::filesystem::path> result_stems(
    std::span<const ListedRecording> recordings);

}  // namespace relax_spectro
