#pragma once

#include <filesystem>
#include <string>

#include "report.hpp"

namespace relax_spectro::render {

/// A finding as a section of the page.
struct Finding {
  std::string html;
  bool linked = false;  ///< the page plays files that are not in it
};

/// A finding's verdict, its warnings, its figure if that is a PNG beside it, the tables of a probe and
/// the points of a space.
/// @param json_path    NAME.probe.json, or that of another stage of is_finding().
/// @param id           of the section, for links.
/// @param page_folder  the folder of the page.
/// @throws IoError      the file cannot be read.
/// @throws ConfigError  it has another format.
[[nodiscard]] Finding finding_of(const std::filesystem::path& json_path, const std::string& id,
                                 const ReportOptions& options,
                                 const std::filesystem::path& page_folder);

}  // namespace relax_spectro::render
