#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "relax_spectro/model.hpp"

namespace relax_spectro {

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

/// Where a result comes from: what the arrays do not say.
struct Provenance {
  std::string command_line;
  SourceFile input;
  int input_sample_rate_hz = 0;
  double input_duration_s = 0.0;
  std::optional<int> input_channel;  ///< nothing: the mean of all
  std::optional<SourceFile> masks_file;
  std::optional<SourceFile> reference;  ///< the recording that the score compares with
  SourceFile model;
  ModelOptions model_options;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;
};

}  // namespace relax_spectro
