#pragma once

#include <filesystem>
#include <system_error>

namespace relax_spectro::cli {

/// The folder of the running program. Empty if the system does not say.
[[nodiscard]] inline std::filesystem::path program_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::filesystem::path() : program.parent_path();
}

}  // namespace relax_spectro::cli
