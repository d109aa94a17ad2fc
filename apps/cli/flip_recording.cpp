#include "cli/flip_recording.hpp"

#include "cli/stopwatch.hpp"
#include "relax_spectro/occlusion/recording_windows.hpp"

namespace relax_spectro::cli {

FlipOptions fitting_flip_options(const ExplainOptions& explained) {
  FlipOptions options;
  options.fill = explained.fill;
  options.fill_seed = explained.masks.effective_seed();
  options.score = explained.score;
  options.reference = explained.reference;
  return options;
}

Flipping flip_recording(const MapOfRecording& map, Engine& engine, const FlipOptions& options,
                        FlipSource source, const FlipPaths& paths, Overwrite overwrite,
                        const FlipProgress& progress) {
  const Stopwatch stopwatch;
  Flipping flipping =
      flip(engine, cut_recording(engine.card(), map.audio, {map.hop_s, Tail::cover}), map.map,
           options, progress);
  source.seconds += stopwatch.seconds();
  paths.write(flipping, options, source, overwrite);
  return flipping;
}

}  // namespace relax_spectro::cli
