#pragma once

#include <optional>
#include <string>

#include "relax_spectro/audio/audio.hpp"
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
  double input_duration_s = 0.0;  ///< of what was read
  AudioOptions audio;             ///< as it was read; of a result that is read, with trust_header
  std::optional<SourceFile> masks_file;
  std::optional<SourceFile> reference;  ///< the recording that the score compares with
  SourceFile model;
  ModelOptions model_options;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;

  /// Where what was read ends, from the recording's start.
  [[nodiscard]] double input_end_s() const {
    return audio.begin_s.value_or(0.0) + input_duration_s;
  }
};

}  // namespace relax_spectro
