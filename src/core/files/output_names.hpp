#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// A unique file name without ending for the results of each input.
///
/// The name is the input's stem if that is unique. Otherwise the ending is added (`dog_wav`,
/// `dog_flac`), and then as many folders as necessary (`night_dog_wav`, `day_dog_wav`). The
/// comparison ignores case, as some file systems do. Names that remain equal get a number. So do
/// names that are too long for the endings of all stages. A stem that looks like the name of a
/// stage's output also gets its ending (`dog.flip_ogg`), because `dog.flip` is the test of `dog`.
/// @throws ConfigError  the same file is given twice.
[[nodiscard]] std::vector<std::string> unique_stems(
    std::span<const std::filesystem::path> input_paths);

/// The stem of one of several results of a recording: "dog@rooster".
/// @param names  what tells the results apart, such as their scores. Each becomes lower case, with a
///               minus for other characters than letters and digits, and unique.
[[nodiscard]] std::vector<std::filesystem::path> stems_for_each(const std::filesystem::path& stem,
                                                                std::span<const std::string> names);

/// NAME + ".probe.json". Dots in the name stay.
[[nodiscard]] inline std::filesystem::path with_ending(std::filesystem::path name,
                                                       const std::string& ending) {
  return name += ending;
}

/// A file, and its path relative to the folder or list that named it: "night/dog.wav".
struct PlacedFile {
  std::filesystem::path path;
  std::filesystem::path place;
};

/// A unique path without ending for the outputs of each file, relative to an output folder.
/// Subfolders are mirrored. Within each, names follow unique_stems.
/// @throws ConfigError  as unique_stems.
[[nodiscard]] std::vector<std::filesystem::path> placed_stems(std::span<const PlacedFile> files);

}  // namespace relax_spectro
