#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "batch/batch_table.hpp"
#include "batch/recording_list.hpp"
#include "cli/explain_recording.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro::cli {

/// What a batch does with every recording.
struct BatchSetting {
  ExplainSetting explain;
  bool flips = false;  ///< each map is flipped, too
  std::filesystem::path output;
  std::string figure = "png";
  Overwrite overwrite = Overwrite::no;  ///< of results that differ
};

/// A recording of a batch, and where its results go.
struct BatchItem {
  ListedRecording recording;
  std::filesystem::path stem;  ///< below the output folder
};

/// What to do about the result of a stage.
struct StagePlan {
  enum class Step {
    leave_out,  ///< it is not wanted
    make,       ///< it does not exist, or may be overwritten
    keep,       ///< it exists, and is as it would be made
    refuse,     ///< it exists, but differs
  };
  Step step = Step::leave_out;
  std::string reason = {};  ///< of a refusal
};

/// What to do about one map of a recording.
struct MapPlan {
  StagePlan explain;
  StagePlan flip;

  [[nodiscard]] bool makes_something() const {
    return explain.step == StagePlan::Step::make ||
           (explain.step == StagePlan::Step::keep && flip.step == StagePlan::Step::make);
  }
};

struct RecordingPlan {
  std::vector<AskedMap> asked;  ///< one for each score, below the output folder
  std::vector<MapPlan> maps;    ///< one for each of these

  [[nodiscard]] const SourceFile& file() const { return asked.front().asked.provenance.input; }
};

/// Looks at existing results. @param setting  its model's hash and card count. No model is run.
/// @throws IoError  the recording cannot be read.
[[nodiscard]] RecordingPlan plan_recording(const BatchItem& item, const BatchSetting& setting);

/// A recording with its plan. It is decoded if there is something to make.
struct PreparedRecording {
  RecordingPlan plan;
  std::optional<Recording> recording;
};

/// @throws IoError, AudioError
[[nodiscard]] PreparedRecording prepare_recording(const BatchItem& item,
                                                  const BatchSetting& setting);

/// What a batch reports while it works.
struct BatchTalk {
  ExplainProgress progress;  ///< of a stage
  std::function<void(const std::filesystem::path& file, const std::string& text)> warn;
};

/// Works on one recording. The rows say what was made, or what failed: one for each score, or one if
/// the recording fails.
/// @param prepare  gives the recording; called once.
/// @throws Interrupted
[[nodiscard]] std::vector<BatchRow> work_on(const BatchItem& item,
                                            const std::function<PreparedRecording()>& prepare,
                                            Engine& engine, const BatchSetting& setting,
                                            const BatchTalk& talk);

}  // namespace relax_spectro::cli
