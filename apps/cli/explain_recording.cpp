#include "cli/explain_recording.hpp"

#include <utility>

#include "cli/stopwatch.hpp"
#include "files/output_names.hpp"
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
  asked.provenance.probe = model.probe;
  asked.provenance.runtime = model.model->runtime();
  if (const auto& reference = asked.provenance.reference) {
    asked.options.reference =
        mean_embedding(engine, talk.read(reference->path, setting.audio.of_whole()),
                       {asked.options.hop_s, Tail::cover});
    asked.options.validate();
  }
  return setting;
}

std::vector<ScoreSpec> asked_scores(const ExplainSetting& setting) {
  return expanded_scores(setting.asked.options.scores(), setting.asked.card);
}

std::vector<std::filesystem::path> map_stems(const ExplainSetting& setting,
                                             std::span<const ScoreSpec> scores,
                                             const std::filesystem::path& stem) {
  if (!setting.asked.options.measures_several()) return {stem};
  std::vector<std::string> names;
  for (const ScoreSpec& score : scores) names.push_back(short_name(score));
  return stems_for_each(stem, names);
}

std::vector<AskedMap> asked_maps(const SourceFile& recording, const ExplainSetting& setting,
                                 const std::filesystem::path& stem, const std::string& label) {
  const std::vector<ScoreSpec> as_typed = scores_of_label(setting.asked.options.scores(), label);
  const std::vector<ScoreSpec> scores = scores_of_label(asked_scores(setting), label);
  const std::vector<std::filesystem::path> stems = map_stems(setting, scores, stem);
  std::vector<AskedMap> maps;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    Result asked = setting.asked;
    asked.provenance.input = recording;
    asked.options.masks.recording = recording.sha256;
    asked.options.score = scores[i];
    asked.options.more_scores = as_typed;
    std::erase(asked.options.more_scores, scores[i]);
    maps.push_back({stems[i], std::move(asked)});
  }
  return maps;
}

void explain_recording(const Recording& recording, Engine& engine, std::span<const AskedMap> asked,
                       const TakeResult& take, const ExplainProgress& progress) {
  Stopwatch stopwatch;
  double seconds_before = recording.seconds;
  std::size_t index = 0;
  const auto take_next = [&](const ScoreSpec&, Explanation explanation) {
    Result result = asked[index].asked;
    result.provenance.input_sample_rate_hz = recording.audio.sample_rate_hz;
    result.provenance.input_duration_s = recording.audio.duration_s();
    result.explanation = std::move(explanation);
    round_maps(result.explanation);  // so that figures and tests show what is stored
    result.provenance.seconds = std::exchange(seconds_before, 0.0) + stopwatch.seconds();
    take(index++, std::move(result));
    stopwatch = {};
  };
  explain_scores(engine, recording.audio, asked.front().asked.options, take_next, progress);
}

}  // namespace relax_spectro::cli
