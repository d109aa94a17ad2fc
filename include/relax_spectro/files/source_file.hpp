#pragma once

#include <filesystem>
#include <string>

namespace relax_spectro {

/// SHA-256 of a file, lower-case hexadecimal.
/// @throws IoError  the file cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

/// A file from which a result was made.
struct SourceFile {
  std::filesystem::path path;
  std::string sha256;  ///< lower-case hexadecimal
};

/// A file with its hash. @throws IoError  it cannot be read.
[[nodiscard]] SourceFile source_file(const std::filesystem::path& path);

/// Checks that a file is the expected one.
/// @param sha256  hexadecimal
/// @throws ModelError  its hash differs.
/// @throws IoError     it cannot be read.
void require_sha256(const std::filesystem::path& path, const std::string& sha256);

}  // namespace relax_spectro
