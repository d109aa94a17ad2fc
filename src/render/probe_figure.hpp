#pragma once

#include <filesystem>
#include <string>

#include "probe/probe.hpp"

namespace relax_spectro {

/// Draws what a probe decided, like draw_figure: a confusion matrix, and reliability diagrams before
/// and after temperature scaling. Of more than 50 classes, those with the most errors are shown, and
/// the others are put together.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`.
/// @throws IoError      the file cannot be written.
void draw_probe_figure(const std::filesystem::path& path, const Probe& probe,
                       const std::string& title);

}  // namespace relax_spectro
