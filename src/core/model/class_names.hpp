#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace relax_spectro {

/// Reads class names in the order of the class scores. The file has one name a line, or is a CSV
/// with a column display_name, like AudioSet's class_labels_indices.csv.
/// @throws IoError  the file is unreadable, has no names, or a line without a name.
[[nodiscard]] std::vector<std::string> read_class_names(const std::filesystem::path& path);

}  // namespace relax_spectro
