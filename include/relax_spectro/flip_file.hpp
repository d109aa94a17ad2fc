#pragma once

#include <filesystem>
#include <string>

#include "relax_spectro/flipping.hpp"
#include "relax_spectro/output_file.hpp"
#include "relax_spectro/provenance.hpp"

namespace relax_spectro {

/// Where a flipping comes from: what the curves do not say.
struct FlipSource {
  std::string command_line;
  SourceFile result;  ///< the JSON of the map's result
  std::string map;    ///< the array of that result that orders the input
  SourceFile input;   ///< the recording
  SourceFile model;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;
};

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @throws IoError  as write_result.
void write_flipping(const std::filesystem::path& stem, const Flipping& flipping,
                    const FlipOptions& options, const FlipSource& source, Overwrite overwrite);

}  // namespace relax_spectro
