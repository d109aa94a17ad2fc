#pragma once

#include <optional>
#include <string>

#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// Where a result comes from: what the arrays do not say.
struct Provenance {
  std::string tool_version{version()};  ///< of the relax-spectro that made it
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
