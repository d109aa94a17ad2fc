#pragma once

#include <filesystem>

namespace relax_spectro::core {

/// Makes sure that a path names a file that can be opened and is not empty.
/// @throws IoError  missing, a folder, no permission, or empty: which of them, and what to do.
void require_readable_file(const std::filesystem::path& path);

}  // namespace relax_spectro::core
