#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/flipping.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/provenance.hpp"

namespace relax_spectro {

/// The origin of a flipping: everything except the curves.
struct FlipSource {
  std::string command_line;
  SourceFile result;  ///< the JSON of the map's result
  std::string map;    ///< the array of that result that sorts the units
  SourceFile input;   ///< the recording
  SourceFile model;
  std::optional<SourceFile> probe;
  ModelOptions model_options;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;
  std::string tool_version{version()};  ///< version of relax-spectro that made it
};

/// A pixel-flipping test of a result's map.
struct FlipResult {
  FlipSource source;
  FlipOptions options;
  Flipping flipping;
};

/// Writes `<stem>.npz` and `<stem>.json` (data/FORMAT.md).
/// @param figure  as in write_result.
/// @throws IoError  as write_result.
void write_flip(const std::filesystem::path& stem, const FlipResult& result, Overwrite overwrite,
                OutputFile* figure = nullptr);

/// Reads a flipping except its curves, of which it reads names and mean areas. A reference for the
/// score stays empty.
/// @throws IoError  as read_result.
[[nodiscard]] FlipResult read_flip(const std::filesystem::path& json_path);

/// Reads the scores of the curves, and the fractions, into a flipping that was read.
/// @throws IoError  an array is missing or does not fit.
void read_curves(const std::filesystem::path& json_path, Flipping& flipping);

/// The gains, if the importance was tested against controls; null otherwise.
[[nodiscard]] const FlipGains* importance_gains(const FlipResult& result);

/// The gains of the flipping beside a result (NAME.flip.json), if it tested the importance of this
/// very result against controls. Nothing otherwise. @throws IoError  as read_flip.
[[nodiscard]] std::optional<FlipGains> gains_beside(const std::filesystem::path& json_path);

/// Differences in what was tested and how, as for two results.
[[nodiscard]] std::vector<std::string> differences(const FlipResult& before, const FlipResult& now);

/// Options as JSON text.
[[nodiscard]] std::string to_json(const FlipOptions& options);

}  // namespace relax_spectro
