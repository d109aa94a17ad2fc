#include "cli/explain_recording.hpp"

#include <utility>

#include "cli/stopwatch.hpp"
#include "relax_spectro/occlusion/embed.hpp"

namespace relax_spectro::cli {

Recording read_recording(const std::filesystem::path& path, const AudioOptions& options) {
  const Stopwatch stopwatch;
  Audio audio = read_audio(path, options);
  SourceFile file = source_file(path);
  return {std::move(file), std::move(audio), stopwatch.seconds()};
}

Recording read_recording(const SourceFile& file, const AudioOptions& options) {
  const Stopwatch stopwatch;
  Audio audio = read_audio(file.path, options);
  return {file, std::move(audio), stopwatch.seconds()};
}

ExplainSetting read_explain_setting(const ExplainChoice& explanation, const ModelChoice& model,
                                    const AudioOptions& audio, const std::string& command_line) {
  ExplainSetting setting;
  setting.audio = audio;
  setting.options = explanation.read();
  setting.provenance.command_line = command_line;
  setting.provenance.input_channel = audio.channel;
  setting.provenance.masks_file = explanation.masks_file();
  if (const auto& reference = explanation.reference()) {
    setting.provenance.reference = source_file(*reference);
  }
  setting.provenance.model_options = model.options;
  return setting;
}

ExplainSetting with_model(ExplainSetting setting, const LoadedModel& model, Engine& engine,
                          const TalkOptions& talk) {
  setting.provenance.model = model.file;
  setting.provenance.runtime = model.model->runtime();
  if (const auto& reference = setting.provenance.reference) {
    setting.options.reference = mean_embedding(engine, talk.read(reference->path, setting.audio),
                                               {setting.options.hop_s, Tail::cover});
    setting.options.validate();
  }
  return setting;
}

ExplainOptions options_of(const SourceFile& recording, const ExplainSetting& setting) {
  ExplainOptions options = setting.options;
  options.masks.recording = recording.sha256;
  return options;
}

Provenance provenance_of(const Recording& recording, const ExplainSetting& setting) {
  Provenance provenance = setting.provenance;
  provenance.input = recording.file;
  provenance.input_sample_rate_hz = recording.audio.sample_rate_hz;
  provenance.input_duration_s = recording.audio.duration_s();
  return provenance;
}

ExplainedRecording explain_recording(const Recording& recording, Engine& engine,
                                     const ExplainSetting& setting, const ResultPaths& paths,
                                     Overwrite overwrite, const ExplainProgress& progress) {
  const Stopwatch stopwatch;
  const ExplainOptions options = options_of(recording.file, setting);
  ExplainedRecording explained{explain(engine, recording.audio, options, progress),
                               provenance_of(recording, setting)};
  explained.provenance.seconds = recording.seconds + stopwatch.seconds();
  paths.write(explained.explanation, options, engine.card(), explained.provenance, overwrite);
  return explained;
}

}  // namespace relax_spectro::cli
