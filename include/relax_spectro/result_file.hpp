#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "relax_spectro/explain.hpp"
#include "relax_spectro/output_file.hpp"

namespace relax_spectro {

/// Where a result comes from: what the arrays do not say.
struct Provenance {
  std::string command_line;
  std::filesystem::path input_path;
  std::string input_sha256;
  int input_sample_rate_hz = 0;
  double input_duration_s = 0.0;
  std::optional<int> input_channel;  ///< nothing: the mean of all
  std::optional<std::filesystem::path> masks_file;
  std::optional<std::filesystem::path>
      reference_path;  ///< the recording that the score compares with
  std::filesystem::path model_path;
  std::string model_sha256;
  ModelOptions model_options;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;
};

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @param stem  folder and file name without an ending.
/// @throws IoError  a file is there already and may not be overwritten, or cannot be written; then
///                  neither is left half-written.
void write_result(const std::filesystem::path& stem, const Explanation& explanation,
                  const ExplainOptions& options, const ModelCard& card,
                  const Provenance& provenance, Overwrite overwrite);

}  // namespace relax_spectro
