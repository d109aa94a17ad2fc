#pragma once

#include <zip.h>

#include <filesystem>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace relax_spectro::test {

/// A zip archive of empty files with these names.
inline void write_zip(const std::filesystem::path& path, const std::vector<std::string>& names) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  for (const std::string& name : names) {
    zip_file_add(archive, name.c_str(), zip_source_buffer(archive, "", 0, 0), 0);
  }
  REQUIRE(zip_close(archive) == 0);
}

}  // namespace relax_spectro::test
