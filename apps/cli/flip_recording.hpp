#pragma once

#include <optional>

#include "cli/result_paths.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro::cli {

/// The default test of maps that were explained so: with their own fill, score and reference.
[[nodiscard]] FlipOptions fitting_flip_options(const ExplainOptions& explained);

/// A map, and the recording that it is of.
struct MapOfRecording {
  const Audio& audio;
  std::optional<double> hop_s;  ///< as the recording was cut into windows
  const Array2d<double>& map;
};

/// Tests a map by flipping and writes what came of it.
/// @param asked  what is to be tested, and how; its seconds are those that were spent before.
/// @throws as flip and ResultPaths::write
[[nodiscard]] FlipResult flip_recording(const MapOfRecording& map, Engine& engine, FlipResult asked,
                                        const ResultPaths& paths, Overwrite overwrite,
                                        const FlipProgress& progress);

}  // namespace relax_spectro::cli
