#pragma once

#include <filesystem>
#include <string>

namespace relax_spectro::render {

/// What a probe found, as a section: its verdict, its figure if that is a PNG beside it, its classes
/// with 95 % intervals, and what its accuracy compares with.
/// @param json_path  NAME.probe.json.
/// @param id         of the section, for links.
/// @throws IoError      the file cannot be read.
/// @throws ConfigError  it is not that of a probe.
[[nodiscard]] std::string probe_html(const std::filesystem::path& json_path, const std::string& id);

}  // namespace relax_spectro::render
