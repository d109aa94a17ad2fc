#pragma once

#include <filesystem>
#include <string>

#include "report.hpp"

namespace relax_spectro::render {

/// The recordings of a space as points of the page.
struct SpacePoints {
  std::string html;
  bool linked = false;  ///< points play files that are not in the page
};

/// Reads NAME.space.csv and NAME.labels.csv beside NAME.space.json. A point is a link to its recording
/// if that is where the table says, or beside the JSON, and is of a format that browsers play. There
/// are no points without the tables, or above 2000 recordings.
/// @param page_folder  the folder of the page.
/// @throws IoError  a table cannot be read.
[[nodiscard]] SpacePoints space_points(const std::filesystem::path& json_path,
                                       const std::string& name, const ReportOptions& options,
                                       const std::filesystem::path& page_folder);

}  // namespace relax_spectro::render
