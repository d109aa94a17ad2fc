#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// The results of a folder, and of the folders in it, by their names: relative to it, without an
/// ending. A file that is no JSON may be a damaged result, and counts as one; hidden files, which
/// are in the making, and other JSON do not. Links to folders are followed.
/// @returns name to the result's JSON.
/// @throws IoError  the folder or one in it cannot be read; the message names it.
[[nodiscard]] std::map<std::string, std::filesystem::path> results_in(
    const std::filesystem::path& folder);

/// A result, and what it is called among others.
struct NamedResult {
  std::string name;
  std::filesystem::path json_path;
  std::filesystem::path place = {};  ///< below the folder that names it: "night/dog.json"
};

/// The results that are named, one by one or by their folder, in the order given and within a
/// folder by name. A result is called as it is named, without its ending; one of a folder, where
/// that is the only thing named, by its name within it. What tests wrote beside results
/// (NAME.flip.json, NAME.sanity.json) is passed over.
/// @throws IoError  one is not there, or there is no result among them.
[[nodiscard]] std::vector<NamedResult> named_results(std::span<const std::filesystem::path> paths);

/// Their JSON, to work through them.
[[nodiscard]] std::vector<std::filesystem::path> json_paths(std::span<const NamedResult> results);

/// Where what is made of each result lies below an output folder, as placed_stems says.
[[nodiscard]] std::vector<std::filesystem::path> output_stems(std::span<const NamedResult> results);

}  // namespace relax_spectro
