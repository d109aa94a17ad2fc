#pragma once

#include <filesystem>
#include <optional>

#include "cli/result_paths.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro::cli {

/// The options of the default test of a result: its own fill, score and reference.
[[nodiscard]] FlipOptions fitting_flip_options(const ExplainOptions& explained);

/// The default test of a result that this program makes, before it is run.
/// @param json  the result's JSON.
[[nodiscard]] FlipResult default_flip(const Result& explained, const std::filesystem::path& json);

/// A map and its recording.
struct MapOfRecording {
  const Audio& audio;
  std::optional<double> hop_s;  ///< as the recording was cut into windows
  const Array2d<double>& map;
};

/// Tests a map by flipping and writes the result.
/// @param asked  what to test, and how. Its seconds are those spent before.
/// @throws as flip and ResultPaths::write
[[nodiscard]] FlipResult flip_recording(const MapOfRecording& map, Engine& engine, FlipResult asked,
                                        const ResultPaths& paths, Overwrite overwrite,
                                        const FlipProgress& progress);

}  // namespace relax_spectro::cli
