#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// A file name without ending for the results of each input, each different.
///
/// An input's own stem where no other input has it; else with its ending (`dog_wav`, `dog_flac`),
/// and then with as many of its folders as it takes (`night_dog_wav`, `day_dog_wav`). Compared
/// without regard to case, as some file systems do: names that differ in nothing else get a number,
/// and so do those that are too long for the endings of all stages. A stem that ends as names of
/// stages do also gets its ending (`dog.flip_ogg`): the test of `dog` is `dog.flip`.
/// @throws ConfigError  the same file is given twice.
[[nodiscard]] std::vector<std::string> unique_stems(
    std::span<const std::filesystem::path> input_paths);

/// A file, and its path below the folder or list that named it: "night/dog.wav".
struct PlacedFile {
  std::filesystem::path path;
  std::filesystem::path place;
};

/// Where the outputs of each file lie below an output folder, without ending, each different:
/// subfolders are mirrored, and within each names are as unique_stems says.
/// @throws ConfigError  as unique_stems.
[[nodiscard]] std::vector<std::filesystem::path> placed_stems(std::span<const PlacedFile> files);

}  // namespace relax_spectro
