#pragma once

#include <filesystem>
#include <string>

namespace relax_spectro {

/// SHA-256 of a file, lower-case hexadecimal.
/// @throws IoError  the file cannot be read.
[[nodiscard]] std::string sha256_of_file(const std::filesystem::path& path);

/// A file that a result was made from.
struct SourceFile {
  std::filesystem::path path;
  std::string sha256;  ///< lower-case hexadecimal
};

/// A file with its hash. @throws IoError  it cannot be read.
[[nodiscard]] SourceFile source_file(const std::filesystem::path& path);

/// Makes sure that a file is the one that is meant.
/// @param sha256  hexadecimal
/// @throws ModelError  its hash is another.
/// @throws IoError     it cannot be read.
void require_sha256(const std::filesystem::path& path, const std::string& sha256);

}  // namespace relax_spectro
