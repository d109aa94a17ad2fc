#include "cli/explain_recording.hpp"

#include <utility>

#include "cli/stopwatch.hpp"
#include "occlusion/embed.hpp"

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
                                    const AudioOptions& audio, const std::string& command_line,
                                    const Result& over) {
  ExplainSetting setting;
  setting.audio = audio;
  Result& asked = setting.asked;
  asked.options = over.options;
  asked.provenance.masks_file = over.provenance.masks_file;
  asked.provenance.reference = over.provenance.reference;
  asked.provenance.model_options = model.options(over.provenance.model_options);
  asked.provenance.command_line = command_line;
  audio.validate();
  asked.provenance.audio = audio;
  if (audio.begin_s == 0.0) asked.provenance.audio.begin_s.reset();
  explanation.lay_over(asked);
  return setting;
}

ExplainSetting with_model(ExplainSetting setting, const LoadedModel& model, Engine& engine,
                          const TalkOptions& talk) {
  Result& asked = setting.asked;
  asked.card = engine.card();
  asked.provenance.model = model.file;
  asked.provenance.runtime = model.model->runtime();
  if (const auto& reference = asked.provenance.reference) {
    asked.options.reference =
        mean_embedding(engine, talk.read(reference->path, setting.audio.of_whole()),
                       {asked.options.hop_s, Tail::cover});
    asked.options.validate();
  }
  return setting;
}

Result asked_of(const SourceFile& recording, const ExplainSetting& setting) {
  Result asked = setting.asked;
  asked.provenance.input = recording;
  asked.options.masks.recording = recording.sha256;
  return asked;
}

Result explain_recording(const Recording& recording, Engine& engine, const ExplainSetting& setting,
                         const ResultPaths& paths, Overwrite overwrite,
                         const ExplainProgress& progress) {
  const Stopwatch stopwatch;
  Result result = asked_of(recording.file, setting);
  result.provenance.input_sample_rate_hz = recording.audio.sample_rate_hz;
  result.provenance.input_duration_s = recording.audio.duration_s();
  result.explanation = explain(engine, recording.audio, result.options, progress);
  result.provenance.seconds = recording.seconds + stopwatch.seconds();
  paths.write(result, overwrite);
  return result;
}

}  // namespace relax_spectro::cli
