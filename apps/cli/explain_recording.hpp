#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/explain_choice.hpp"
#include "cli/options.hpp"
#include "cli/result_paths.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::cli {

/// A recording, read.
struct Recording {
  SourceFile file;
  Audio audio;
  double seconds = 0.0;  ///< spent on reading it
};

/// @throws IoError, AudioError
[[nodiscard]] Recording read_recording(const std::filesystem::path& path,
                                       const AudioOptions& options);
/// The same of a file whose hash is known. @throws AudioError
[[nodiscard]] Recording read_recording(const SourceFile& file, const AudioOptions& options);

/// What all recordings of a run have in common.
struct ExplainSetting {
  AudioOptions audio;
  Result asked;  ///< without the recording and the outcome
};

/// What was typed, or else what a preset or a result says. The model's hash and the reference's
/// embedding are missing: they need a loaded model. @throws ConfigError, IoError
[[nodiscard]] ExplainSetting read_explain_setting(const ExplainChoice& explanation,
                                                  const ModelChoice& model,
                                                  const AudioOptions& audio,
                                                  const std::string& command_line,
                                                  const Result& over = {});

/// Adds what needs the model. @throws ConfigError, and as mean_embedding
[[nodiscard]] ExplainSetting with_model(ExplainSetting setting, const LoadedModel& model,
                                        Engine& engine, const TalkOptions& talk);

/// A map that is asked of a recording: one for each score.
struct AskedMap {
  std::filesystem::path stem;  ///< of its files
  Result asked;                ///< without the outcome
};

/// The scores that are measured, in the order of the maps. @throws ConfigError  as expanded_scores
[[nodiscard]] std::vector<ScoreSpec> asked_scores(const ExplainSetting& setting);

/// The stem of each map's files. With several scores, each map has a stem of its own.
/// @param scores  from asked_scores()
/// @param stem    of the recording's files.
[[nodiscard]] std::vector<std::filesystem::path> map_stems(const ExplainSetting& setting,
                                                           std::span<const ScoreSpec> scores,
                                                           const std::filesystem::path& stem);

/// The maps that are asked of a recording. @throws ConfigError  as expanded_scores
/// @param stem   of the recording's files, as for map_stems().
/// @param label  of the recording; empty if unknown.
[[nodiscard]] std::vector<AskedMap> asked_maps(const SourceFile& recording,
                                               const ExplainSetting& setting,
                                               const std::filesystem::path& stem,
                                               const std::string& label = {});

/// Receives the map of asked_maps() with this index.
using TakeResult = std::function<void(std::size_t index, Result result)>;

/// Explains a recording. The first result's seconds include what all have in common.
/// @param asked  from asked_maps()
/// @throws as explain_scores
void explain_recording(const Recording& recording, Engine& engine, std::span<const AskedMap> asked,
                       const TakeResult& take, const ExplainProgress& progress);

}  // namespace relax_spectro::cli
