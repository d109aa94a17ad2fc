#include "cli/flip_recording.hpp"

#include "cli/stopwatch.hpp"
#include "occlusion/recording_windows.hpp"

namespace relax_spectro::cli {

FlipOptions fitting_flip_options(const ExplainOptions& explained) {
  FlipOptions options;
  options.fill = explained.fill;
  options.fill_seed = explained.masks.effective_seed();
  options.score = explained.score;
  options.reference = explained.reference;
  return options;
}

FlipResult default_flip(const Result& explained, const std::filesystem::path& json) {
  const Provenance& made_from = explained.provenance;
  return {{made_from.command_line, source_file(json), "importance", made_from.input,
           made_from.model, made_from.probe, made_from.model_options, made_from.runtime, 0.0},
          fitting_flip_options(explained.options),
          {}};
}

FlipResult flip_recording(const MapOfRecording& map, Engine& engine, FlipResult asked,
                          const ResultPaths& paths, Overwrite overwrite,
                          const FlipProgress& progress) {
  const Stopwatch stopwatch;
  asked.flipping = flip(engine, cut_recording(engine.model(), map.audio, {map.hop_s, Tail::cover}),
                        map.map, asked.options, progress);
  asked.source.seconds += stopwatch.seconds();
  paths.write(asked, overwrite);
  return asked;
}

}  // namespace relax_spectro::cli
