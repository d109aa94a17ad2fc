#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "compare/comparison.hpp"
#include "files/output_files.hpp"

namespace relax_spectro {

/// comparison.json, profile.csv, recordings.csv, clusters.csv, regions.csv, comparison.html and a
/// figure in a folder. @throws IoError  as OutputFiles.
[[nodiscard]] OutputFiles compare_files(const std::filesystem::path& folder,
                                        const std::string& figure_format, Overwrite overwrite);

/// Writes comparisons of models with the first one (data/FORMAT.md) and commits their files.
/// @param page  the HTML of the page.
/// @throws IoError  a file cannot be written.
void write_comparisons(OutputFiles& files, std::span<const ModelComparison> comparisons,
                       const CompareOptions& options, const std::string& page);

}  // namespace relax_spectro
