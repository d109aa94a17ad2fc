#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "compare/comparison.hpp"
#include "report.hpp"

namespace relax_spectro {

/// A page about comparisons of models with the first one.
struct ComparePage {
  std::string html;
  std::vector<std::string> warnings;  ///< recordings that it cannot play, a line for each
};

/// @param page_folder  of the page, for links to recordings.
/// @throws IoError  as read_paired_maps
[[nodiscard]] ComparePage compare_page(std::span<const ModelComparison> comparisons,
                                       const ReportOptions& options,
                                       const std::filesystem::path& page_folder,
                                       const std::string& command_line);

}  // namespace relax_spectro
