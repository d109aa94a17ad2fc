#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// The results in a folder and its subfolders, by name: relative to the folder, without ending. A
/// file that is not valid JSON may be a damaged result, so it is included. Hidden files, which are
/// temporary, and other JSON files are ignored. Links to folders are followed.
/// @returns names and paths of the results' JSON.
/// @throws IoError  a folder cannot be read; the message names it.
[[nodiscard]] std::map<std::string, std::filesystem::path> results_in(
    const std::filesystem::path& folder);

/// A result, and its name among others.
struct NamedResult {
  std::string name;
  std::filesystem::path json_path;
  std::filesystem::path place = {};  ///< relative to the folder that named it: "night/dog.json"
};

/// The named results: single ones, or all in a folder. They keep the given order, and are sorted by
/// name within a folder. A result's name is its path without ending. If a single folder is given,
/// names are relative to it. Files of tests beside results (NAME.flip.json, NAME.sanity.json) are
/// skipped.
/// @throws IoError  a path does not exist, or there is no result.
[[nodiscard]] std::vector<NamedResult> named_results(std::span<const std::filesystem::path> paths);

/// The paths of their JSON.
[[nodiscard]] std::vector<std::filesystem::path> json_paths(std::span<const NamedResult> results);

/// Where the outputs for each result belong below an output folder: see placed_stems.
[[nodiscard]] std::vector<std::filesystem::path> output_stems(std::span<const NamedResult> results);

}  // namespace relax_spectro
