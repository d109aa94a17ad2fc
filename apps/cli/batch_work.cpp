#include "cli/batch_work.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/flip_recording.hpp"
#include "cli/interruption.hpp"
#include "files/npz.hpp"
#include "relax_spectro/base/error.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro::cli {
namespace {

using Step = StagePlan::Step;

ResultPaths result_paths(const BatchItem& item, const BatchSetting& setting) {
  return {setting.output / item.stem, setting.figure};
}

/// What to do about a result.
StagePlan plan_stage(const std::filesystem::path& json, Overwrite overwrite,
                     const std::function<std::vector<std::string>()>& differences) {
  std::error_code unreadable;  // shows when it is written
  if (!std::filesystem::exists(json, unreadable)) return {Step::make};
  std::string reason;
  try {
    const std::vector<std::string> found = differences();
    if (found.empty()) {
      // Any of the arrays shows whether they can be read.
      static_cast<void>(read_npz(std::filesystem::path(json).replace_extension("npz"), {"time_s"}));
      return {Step::keep};
    }
    reason = fmt::format("{}: {}", json.string(), fmt::join(found, "; "));
  } catch (const IoError& error) {
    reason = error.what();
  }
  if (overwrite == Overwrite::yes) return {Step::make};
  return {Step::refuse, reason + "; use --overwrite or another -o"};
}

StagePlan plan_flip(const RecordingPlan& plan, const ResultPaths& paths,
                    const BatchSetting& setting) {
  const std::filesystem::path json = paths.flip().with("json");
  return plan_stage(json, setting.overwrite, [&]() -> std::vector<std::string> {
    if (plan.explain.step != Step::keep) return {"it tests another result"};
    return differences(read_flip(json),
                       default_flip(asked_of(plan.file, setting.explain), paths.with("json")));
  });
}

/// Works on one recording. `row` says how far that went.
class RecordingWork {
 public:
  RecordingWork(const BatchItem& item, const BatchSetting& setting, Engine& engine,
                const BatchTalk& talk, BatchRow& row)
      : item_(item), setting_(setting), engine_(engine), talk_(talk), row_(row) {}

  void run(const std::function<PreparedRecording()>& prepare) {
    row_.stage = "read";
    prepared_ = prepare();
    row_.stage = "explain";
    if (refused(prepared_.plan.explain)) return;
    if (prepared_.plan.explain.step == Step::make) explain_it();
    paths_.add_result_figure();
    if (!row_.facts) row_.facts = facts_of(paths_.with("json"));
    if (setting_.flips) {
      row_.stage = "flip";
      if (refused(prepared_.plan.flip)) return;
      if (prepared_.plan.flip.step == Step::make) flip_it();
      flip_paths_.add_flip_figure();
      if (!row_.flip) row_.flip = flip_facts(read_flip(flip_paths_.with("json")));
    }
    row_.stage.clear();
  }

  /// Reads existing results, so that a run that makes none, or not all, does not empty the table.
  void look_at_kept_results() {
    const std::filesystem::path json = paths_.with("json");
    std::error_code unreadable;
    if (!row_.facts) {
      if (!std::filesystem::exists(json, unreadable) || !is_of_this_recording(json)) return;
      row_.facts = facts_of(json);
    }
    const std::filesystem::path flip = flip_paths_.with("json");
    if (row_.flip || !std::filesystem::exists(flip, unreadable)) return;
    const FlipResult stored = read_flip(flip);
    if (stored.source.result.sha256 == source_file(json).sha256) row_.flip = flip_facts(stored);
  }

 private:
  static ResultFacts facts_of(const std::filesystem::path& json) {
    Result result = read_result(json);
    read_arrays(json, {"contrast"}, result.explanation);
    return result_facts(result);
  }

  [[nodiscard]] bool is_of_this_recording(const std::filesystem::path& json) const {
    const SourceFile made_from = read_result(json).provenance.input;
    const SourceFile& file = prepared_.plan.file;
    return file.sha256.empty() ? made_from.path == item_.recording.path
                               : made_from.sha256 == file.sha256;
  }

  bool refused(const StagePlan& plan) {
    if (plan.step != Step::refuse) return false;
    row_.status = BatchStatus::different;
    row_.reason = plan.reason;
    return true;
  }

  void explain_it() {
    paths_.refuse_existing(setting_.overwrite);  // before the work starts
    result_ = explain_recording(*prepared_.recording, engine_, setting_.explain, paths_,
                                setting_.overwrite, talk_.progress);
    row_.facts = result_facts(*result_);
    for (const auto& warning : result_->explanation.warnings) {
      talk_.warn(item_.recording.path, warning);
    }
    row_.status = BatchStatus::done;
  }

  void flip_it() {
    flip_paths_.refuse_existing(setting_.overwrite);
    const std::filesystem::path json = paths_.with("json");
    const FlipResult asked = default_flip(asked_of(prepared_.plan.file, setting_.explain), json);
    const Array2d<double> map = result_ ? std::move(result_->explanation.saliency.importance)
                                        : read_map(json, asked.source.map);
    const FlipResult flipped = flip_recording(
        {prepared_.recording->audio, setting_.explain.asked.options.hop_s, map}, engine_, asked,
        flip_paths_, setting_.overwrite, [](std::size_t, std::size_t) { stop_if_interrupted(); });
    row_.flip = flip_facts(flipped);
    for (const auto& warning : flipped.flipping.engine.warnings) {
      talk_.warn(item_.recording.path, warning);
    }
    row_.status = BatchStatus::done;
  }

  const BatchItem& item_;
  const BatchSetting& setting_;
  Engine& engine_;
  const BatchTalk& talk_;
  BatchRow& row_;
  ResultPaths paths_ = result_paths(item_, setting_);
  ResultPaths flip_paths_ = paths_.flip();
  PreparedRecording prepared_;
  std::optional<Result> result_;
};

/// Why work on a recording failed, if it did. The other recordings go on.
std::optional<std::string> failure_of(const std::filesystem::path& recording,
                                      const std::function<void()>& work) {
  try {
    work();
  } catch (const ConfigError& error) {
    return with_file(recording, error.what());
  } catch (const AudioError& error) {
    return with_file(recording, error.what());
  } catch (const Error& error) {
    return error.what();
  } catch (const std::bad_alloc&) {
    return fmt::format("{}: out of memory", recording.string());
  } catch (const std::system_error& error) {  // the disk, the file system
    return fmt::format("{}: {}", recording.string(), error.what());
  }
  return std::nullopt;
}

}  // namespace

RecordingPlan plan_recording(const BatchItem& item, const BatchSetting& setting) {
  RecordingPlan plan{source_file(item.recording.path), {}, {}};
  const ResultPaths paths = result_paths(item, setting);
  const std::filesystem::path json = paths.with("json");
  plan.explain = plan_stage(json, setting.overwrite, [&] {
    return differences(read_result(json), asked_of(plan.file, setting.explain), {Ignored::outcome});
  });
  if (setting.flips && plan.explain.step != Step::refuse) {
    plan.flip = plan_flip(plan, paths, setting);
  }
  return plan;
}

PreparedRecording prepare_recording(const BatchItem& item, const BatchSetting& setting) {
  PreparedRecording prepared{plan_recording(item, setting), {}};
  if (prepared.plan.makes_something()) {
    prepared.recording = read_recording(prepared.plan.file, setting.explain.audio);
  }
  return prepared;
}

BatchRow work_on(const BatchItem& item, const std::function<PreparedRecording()>& prepare,
                 Engine& engine, const BatchSetting& setting, const BatchTalk& talk) {
  BatchRow row{item.recording.path, item.recording.label, BatchStatus::kept, {}, {}, item.stem};
  RecordingWork work(item, setting, engine, talk, row);
  if (const auto reason = failure_of(item.recording.path, [&] { work.run(prepare); })) {
    row.status = BatchStatus::failed;
    row.reason = *reason;
  }
  // A result that cannot be read leaves its columns empty.
  static_cast<void>(failure_of(item.recording.path, [&] { work.look_at_kept_results(); }));
  return row;
}

}  // namespace relax_spectro::cli
