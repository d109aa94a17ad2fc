#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "compare/comparison.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// The files of comparisons.
struct ComparePaths {
  std::filesystem::path json;
  std::filesystem::path profile;
  std::filesystem::path recordings;
  std::filesystem::path clusters;
  std::filesystem::path regions;
  std::filesystem::path page;

  /// comparison.json, profile.csv, recordings.csv, clusters.csv, regions.csv and comparison.html in a folder.
  explicit ComparePaths(const std::filesystem::path& folder);

  /// @throws IoError  a file already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;
};

/// Writes comparisons of models with the first one (data/FORMAT.md).
/// @param page  the HTML of the page.
/// @throws IoError  as ComparePaths::refuse_existing, or a file cannot be written.
void write_comparisons(const ComparePaths& paths, std::span<const ModelComparison> comparisons,
                       const CompareOptions& options, const std::string& page, Overwrite overwrite);

}  // namespace relax_spectro
