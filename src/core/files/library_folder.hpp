#pragma once

#include <filesystem>

namespace relax_spectro::core {

/// The folder of the shared library that contains `function`; empty if unknown.
[[nodiscard]] std::filesystem::path library_folder(const void* function);

}  // namespace relax_spectro::core
