#pragma once

#include <filesystem>
#include <string>

namespace relax_spectro::render {

/// A finding as a section: its verdict, its warnings, its figure if that is a PNG beside it, and the
/// tables of a probe.
/// @param json_path  NAME.probe.json, or that of another stage of is_finding().
/// @param id         of the section, for links.
/// @throws IoError      the file cannot be read.
/// @throws ConfigError  it has another format.
[[nodiscard]] std::string finding_html(const std::filesystem::path& json_path,
                                       const std::string& id);

}  // namespace relax_spectro::render
