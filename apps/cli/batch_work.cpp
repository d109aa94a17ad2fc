#include "cli/batch_work.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <new>
#include <optional>
#include <set>
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

StagePlan plan_flip(const AskedMap& map, const StagePlan& explain, const BatchSetting& setting) {
  const ResultPaths paths{map.stem, setting.figure};
  const std::filesystem::path json = paths.flip().with("json");
  return plan_stage(json, setting.overwrite, [&]() -> std::vector<std::string> {
    if (explain.step != Step::keep) return {"it tests another result"};
    return differences(read_flip(json), default_flip(map.asked, paths.with("json")));
  });
}

MapPlan plan_map(const AskedMap& map, const BatchSetting& setting) {
  MapPlan plan;
  const std::filesystem::path json = ResultPaths{map.stem, setting.figure}.with("json");
  plan.explain = plan_stage(json, setting.overwrite, [&] {
    return differences(read_result(json), map.asked, {Ignored::outcome});
  });
  if (setting.flips && plan.explain.step != Step::refuse) {
    plan.flip = plan_flip(map, plan.explain, setting);
  }
  return plan;
}

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

/// Works on one map. Its row says how far that went.
class MapWork {
 public:
  MapWork(const AskedMap& asked, const MapPlan& plan, const BatchSetting& setting,
          const BatchTalk& talk, const std::string& label)
      : asked_(asked), plan_(plan), setting_(setting), talk_(talk) {
    row_.file = asked.asked.provenance.input.path;
    row_.label = label;
    row_.score = to_string(asked.asked.options.score);
    row_.status = BatchStatus::kept;
    row_.stage = "read";
    row_.result = asked.stem.lexically_relative(setting.output);
  }

  [[nodiscard]] const BatchRow& row() const { return row_; }
  [[nodiscard]] bool needs_explaining() const {
    return row_.is_good() && plan_.explain.step == Step::make;
  }

  /// Does a part of the work, unless an earlier part failed. The row says whether this one fails.
  void attempt(const std::function<void()>& part) {
    if (!row_.is_good()) return;
    const auto reason = failure_of(row_.file, part);
    if (!reason) return;
    row_.status = BatchStatus::failed;
    row_.reason = *reason;
  }

  /// Before the work starts.
  void begin() {
    row_.stage = "explain";
    if (!refused(plan_.explain) && needs_explaining()) paths_.refuse_existing(setting_.overwrite);
  }

  void take(const Result& result) {
    paths_.write(result, setting_.overwrite);
    row_.facts = result_facts(result);
    for (const auto& warning : result.explanation.warnings) {
      talk_.warn(result.provenance.input.path, warning);
    }
    row_.status = BatchStatus::done;
  }

  /// What remains after the recording was explained.
  /// @param recording  null: nothing is to be made of it.
  void finish(const Recording* recording, Engine& engine) {
    paths_.add_result_figure();
    if (!row_.facts) row_.facts = facts_of(paths_.with("json"));
    if (setting_.flips) {
      row_.stage = "flip";
      if (refused(plan_.flip)) return;
      if (plan_.flip.step == Step::make) flip_it(*recording, engine);
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
    const SourceFile& file = asked_.asked.provenance.input;
    return file.sha256.empty() ? made_from.path == file.path : made_from.sha256 == file.sha256;
  }

  bool refused(const StagePlan& plan) {
    if (plan.step != Step::refuse) return false;
    row_.status = BatchStatus::different;
    row_.reason = plan.reason;
    return true;
  }

  void flip_it(const Recording& recording, Engine& engine) {
    flip_paths_.refuse_existing(setting_.overwrite);
    const std::filesystem::path json = paths_.with("json");
    const FlipResult asked = default_flip(asked_.asked, json);
    const FlipResult flipped = flip_recording(
        {recording.audio, asked_.asked.options.hop_s, read_map(json, asked.source.map)}, engine,
        asked, flip_paths_, setting_.overwrite,
        [](std::size_t, std::size_t) { stop_if_interrupted(); });
    row_.flip = flip_facts(flipped);
    for (const auto& warning : flipped.flipping.engine.warnings) {
      talk_.warn(recording.file.path, warning);
    }
    row_.status = BatchStatus::done;
  }

  const AskedMap& asked_;
  const MapPlan& plan_;
  const BatchSetting& setting_;
  const BatchTalk& talk_;
  BatchRow row_;
  ResultPaths paths_{asked_.stem, setting_.figure};
  ResultPaths flip_paths_ = paths_.flip();
};

}  // namespace

RecordingPlan plan_recording(const BatchItem& item, const BatchSetting& setting) {
  require_label(setting.explain.asked.options.scores(), item.recording.label,
                setting.explain.asked.card);
  RecordingPlan plan{asked_maps(source_file(item.recording.path), setting.explain,
                                setting.output / item.stem, item.recording.label),
                     {}};
  for (const AskedMap& map : plan.asked) plan.maps.push_back(plan_map(map, setting));
  return plan;
}

PreparedRecording prepare_recording(const BatchItem& item, const BatchSetting& setting) {
  PreparedRecording prepared{plan_recording(item, setting), {}};
  if (std::ranges::any_of(prepared.plan.maps, &MapPlan::makes_something)) {
    prepared.recording = read_recording(prepared.plan.file(), setting.explain.audio);
  }
  return prepared;
}

std::vector<BatchRow> work_on(const BatchItem& item,
                              const std::function<PreparedRecording()>& prepare, Engine& engine,
                              const BatchSetting& setting, const BatchTalk& talk) {
  const std::filesystem::path& path = item.recording.path;
  PreparedRecording prepared;
  const auto unread = failure_of(path, [&] { prepared = prepare(); });
  RecordingPlan& plan = prepared.plan;
  if (unread) {
    plan.asked =
        asked_maps({path, ""}, setting.explain, setting.output / item.stem, item.recording.label);
    plan.maps.resize(plan.asked.size());
  }
  std::set<std::string> told;  // maps of several scores share many warnings
  const BatchTalk talk_once{talk.progress,
                            [&](const std::filesystem::path& file, const std::string& warning) {
                              if (told.insert(warning).second) talk.warn(file, warning);
                            }};
  std::vector<MapWork> works;
  for (std::size_t i = 0; i < plan.asked.size(); ++i) {
    works.emplace_back(plan.asked[i], plan.maps[i], setting, talk_once, item.recording.label);
  }
  const auto all_attempt = [&works](const std::function<void(MapWork&)>& part) {
    for (MapWork& work : works) work.attempt([&] { part(work); });
  };
  all_attempt([&](MapWork&) {
    if (unread) throw Error(*unread);
  });
  all_attempt([](MapWork& work) { work.begin(); });
  if (std::ranges::any_of(works, &MapWork::needs_explaining)) {
    const auto take = [&works](std::size_t i, const Result& result) {
      stop_if_interrupted();
      if (works[i].needs_explaining()) works[i].attempt([&] { works[i].take(result); });
    };
    const auto failure = failure_of(path, [&] {
      explain_recording(*prepared.recording, engine, plan.asked, take, talk.progress);
    });
    all_attempt([&](MapWork& work) {
      if (failure && work.needs_explaining()) throw Error(*failure);
    });
  }
  all_attempt([&](MapWork& work) {
    work.finish(prepared.recording ? &*prepared.recording : nullptr, engine);
  });
  std::vector<BatchRow> rows;
  for (MapWork& work : works) {
    // A result that cannot be read leaves its columns empty.
    static_cast<void>(failure_of(path, [&] { work.look_at_kept_results(); }));
    rows.push_back(work.row());
  }
  return rows;
}

}  // namespace relax_spectro::cli
