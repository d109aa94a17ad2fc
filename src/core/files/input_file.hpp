#pragma once

#include <filesystem>

namespace relax_spectro::core {

/// Checks that a path names a readable file that is not empty.
/// @throws IoError  the file is missing, a folder, not readable or empty. The message says which,
///                  and what to do.
void require_readable_file(const std::filesystem::path& path);

}  // namespace relax_spectro::core
