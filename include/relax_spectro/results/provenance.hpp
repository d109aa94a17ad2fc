#pragma once

#include <optional>
#include <string>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// The origin of a result: everything except the arrays.
struct Provenance {
  std::string tool_version{version()};  ///< version of relax-spectro that made it
  std::string command_line;
  SourceFile input;
  int input_sample_rate_hz = 0;
  double input_duration_s = 0.0;  ///< of the part that was read
  AudioOptions audio;             ///< how it was read; a result from a file has trust_header
  std::optional<SourceFile> masks_file;
  std::optional<SourceFile> reference;  ///< the recording with which the score compares
  SourceFile model;
  std::optional<SourceFile> probe;  ///< whose classes replace the model's
  ModelOptions model_options;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;

  /// Tells models apart, each with its probe.
  [[nodiscard]] std::string model_hashes() const {
    return probe ? model.sha256 + " " + probe->sha256 : model.sha256;
  }

  /// The end of the part that was read, from the recording's start.
  [[nodiscard]] double input_end_s() const {
    return audio.begin_s.value_or(0.0) + input_duration_s;
  }
};

}  // namespace relax_spectro
