#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace relax_spectro {

/// Reads class names in the order of the class scores: a name a line, or a CSV with a column
/// display_name, as AudioSet's class_labels_indices.csv.
/// @throws IoError  unreadable, a line without a name, or no names.
[[nodiscard]] std::vector<std::string> read_class_names(const std::filesystem::path& path);

}  // namespace relax_spectro
