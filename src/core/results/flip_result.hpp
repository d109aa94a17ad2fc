#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "evaluation/flipping.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/provenance.hpp"

namespace relax_spectro {

/// Where a flipping comes from: what the curves do not say.
struct FlipSource {
  std::string command_line;
  SourceFile result;  ///< the JSON of the map's result
  std::string map;    ///< the array of that result that orders the input
  SourceFile input;   ///< the recording
  SourceFile model;
  ModelOptions model_options;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;
  std::string tool_version{version()};  ///< of the relax-spectro that made it
};

/// What came of testing a result's map by pixel flipping.
struct FlipResult {
  FlipSource source;
  FlipOptions options;
  Flipping flipping;
};

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @param figure  as in write_result.
/// @throws IoError  as write_result.
void write_flip(const std::filesystem::path& stem, const FlipResult& result, Overwrite overwrite,
                OutputFile* figure = nullptr);

/// Reads all of a flipping but its curves: of these the names and the mean areas. A reference that
/// the score compares with stays empty.
/// @throws IoError  as read_result.
[[nodiscard]] FlipResult read_flip(const std::filesystem::path& json_path);

/// Reads the curves' scores into a flipping that was read, and its fractions.
/// @throws IoError  an array is missing or does not fit.
void read_curves(const std::filesystem::path& json_path, Flipping& flipping);

/// In what two flippings differ that was asked, or that it was asked of: as of two results.
[[nodiscard]] std::vector<std::string> differences(const FlipResult& before, const FlipResult& now);

/// Options as JSON text.
[[nodiscard]] std::string to_json(const FlipOptions& options);

}  // namespace relax_spectro
