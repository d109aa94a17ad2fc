#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace relax_spectro::test {

/// A file of the reference data, whose folder tests/golden/run sets.
inline std::filesystem::path shared_file(const std::string& name) {
  const char* folder = std::getenv("RELAX_SPECTRO_SHARED");
  return std::filesystem::path(folder != nullptr ? folder : "") / name;
}

}  // namespace relax_spectro::test
