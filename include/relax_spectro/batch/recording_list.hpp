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

/// The recordings that inputs name, sorted by path. An input is one of
///
/// * a folder: all recordings in it and its subfolders, told by their endings; hidden ones are
///   passed over, and links to folders not followed;
/// * a list (`.txt`), one path a line, or a table (`.csv`) with a column `file` and, where wanted,
///   `label`; paths are relative to the list. Empty lines are passed over;
/// * any other file: a recording.
///
/// Whether files are there shows when they are opened.
/// @throws IoError      a folder or list cannot be read or names no recording; or a line of a list
///                      is not one: the message names the file and the line.
/// @throws ConfigError  a recording is named twice.
[[nodiscard]] std::vector<ListedRecording> list_recordings(
    std::span<const std::filesystem::path> inputs);

/// Where the results of each recording lie below an output folder, without ending, no two alike:
/// subfolders are mirrored, and within each names are as unique_stems says.
/// @throws ConfigError  as unique_stems.
[[nodiscard]] std::vector<std::filesystem::path> result_stems(
    std::span<const ListedRecording> recordings);

}  // namespace relax_spectro
