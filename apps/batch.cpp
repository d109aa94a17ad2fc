#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <future>
#include <new>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "batch/recording_list.hpp"
#include "cli/batch_labels.hpp"
#include "cli/batch_lock.hpp"
#include "cli/batch_progress.hpp"
#include "cli/batch_table_file.hpp"
#include "cli/batch_work.hpp"
#include "cli/explain_choice.hpp"
#include "cli/flip_recording.hpp"
#include "cli/interruption.hpp"
#include "cli/options.hpp"
#include "cli/presets.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "files/text_match.hpp"
#include "probe/stored_probe.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "batch",
    "Explains all recordings of folders and lists, and writes a table of them: summary.csv. The\n"
    "results are those of relax-spectro explain. After an interruption, run it again: it keeps\n"
    "finished results of the same recording, model and options.",
    "relax-spectro batch recordings -o results\n"
    "  relax-spectro batch recordings.csv --stages explain,flip --shard 2/8 -o results"};

/// A share of the recordings.
struct Shard {
  std::size_t index = 1;  ///< from 1
  std::size_t count = 1;

  [[nodiscard]] bool is_whole() const { return count == 1; }
  /// Sets its table apart from those of the other shares.
  [[nodiscard]] std::string ending() const {
    return is_whole() ? "" : fmt::format(".shard-{}-of-{}", index, count);
  }
};

struct Request {
  std::vector<std::filesystem::path> inputs;
  cli::AudioChoice audio;
  std::vector<std::string> stages{"explain"};
  std::string shard = "1/1";
  bool dry_run = false;
  bool fail_fast = false;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  cli::ExplainChoice explanation;
  std::optional<std::string> preset;
  std::string figure = "png";
  std::string command_line;

  void declare(cli::CommandLine& line);
};

void Request::declare(cli::CommandLine& line) {
  line.group(cli::HelpGroup::input);
  line.option("PATH", &inputs, "Recordings, folders, or lists: .txt, or .csv with a column file")
      .required();
  audio.declare(line);
  model.declare(line);
  line.group(cli::HelpGroup::batch);
  line.option("--stages", &stages, "What to make: explain, or explain,flip to test each map, too")
      .type_name("STAGE,...")
      .default_text("explain")
      .delimiter(',')
      .one_of({"explain", "flip"});
  line.option("--shard", &shard, "Do the I-th of N shares, to divide the work among machines")
      .type_name("I/N");
  line.flag("--dry-run", &dry_run, "Print what would be done, and do nothing");
  line.flag("--fail-fast", &fail_fast, "Stop at the first recording that fails");
  explanation.declare_masks(line);
  explanation.declare_map(line);
  cli::declare_preset(line, preset);
  output.declare(line, "Folder for the results");
  line.at("--overwrite").help("Replace results that were made with other options");
  cli::declare_figure(line, figure);
  model.declare_device(line);
  engine.declare(line);
  talk.declare(line);
}

Shard parse_shard(const std::string& text) {
  Shard shard{0, 0};
  if (const auto numbers = core::matched_groups(text, "([0-9]{1,9})/([0-9]{1,9})")) {
    shard = {std::stoul(numbers->at(0)), std::stoul(numbers->at(1))};
  }
  if (shard.index < 1 || shard.index > shard.count) {
    throw ConfigError(fmt::format(
        "--shard is '{}'; expected I/N with I from 1 to N, such as 2/8 for the second of eight",
        text));
  }
  return shard;
}

/// The recordings of a shard. Their results go where those of the whole batch would.
std::vector<cli::BatchItem> items_of(const std::vector<ListedRecording>& recordings,
                                     const Shard& shard) {
  const std::vector<std::filesystem::path> stems = result_stems(recordings);
  std::vector<cli::BatchItem> items;
  for (std::size_t i = shard.index - 1; i < recordings.size(); i += shard.count) {
    items.push_back({recordings[i], stems[i]});
  }
  return items;
}

/// The setting, as far as it is known without loading the model.
cli::BatchSetting setting_of(const Request& request) {
  Result over;
  if (request.preset) over.options = cli::find_preset(*request.preset).options;
  cli::BatchSetting setting;
  setting.explain = cli::read_explain_setting(request.explanation, request.model,
                                              request.audio.options, request.command_line, over);
  Result& asked = setting.explain.asked;
  asked.provenance.model = source_file(request.model.path());
  asked.card = read_card_with_axes(request.model.path());
  if (request.model.probe) {
    const StoredProbe probe = read_probe(*request.model.probe);
    asked.card = probed_card(asked.card, asked.provenance.model, probe);
    asked.provenance.probe = probe.file;
  }
  setting.flips = std::ranges::count(request.stages, "flip") > 0;
  setting.output = request.output.path;
  setting.figure = request.figure;
  setting.overwrite = request.output.overwrite();
  return setting;
}

void say_plan(const cli::BatchItem& item, const cli::BatchSetting& setting) {
  using Step = cli::StagePlan::Step;
  const auto text_of = [](const std::string& stage, const cli::StagePlan& plan) {
    switch (plan.step) {
      case Step::make:
        return stage + ": make";
      case Step::keep:
        return stage + ": keep";
      case Step::refuse:
        return fmt::format("{}: different ({})", stage, plan.reason);
      case Step::leave_out:
        break;
    }
    return std::string();
  };
  const auto say = [&](const std::filesystem::path& stem, const std::string& text) {
    cli::print("{} -> {}: {}\n", item.recording.path.string(), stem.string(), text);
  };
  try {
    const cli::RecordingPlan plan = cli::plan_recording(item, setting);
    for (std::size_t i = 0; i < plan.maps.size(); ++i) {
      const cli::MapPlan& map = plan.maps[i];
      std::string text = text_of("explain", map.explain);
      if (map.flip.step != Step::leave_out) text += ", " + text_of("flip", map.flip);
      say(plan.asked[i].stem, text);
    }
  } catch (const Error& error) {
    say(setting.output / item.stem, fmt::format("cannot be read ({})", error.what()));
  }
}

/// The files that a batch writes beside the results.
std::vector<std::filesystem::path> tables_of(const std::vector<cli::BatchItem>& items,
                                             const Shard& shard, const cli::BatchSetting& setting) {
  const std::filesystem::path& output = setting.output;
  std::set<std::string> labels_of_items;
  for (const cli::BatchItem& item : items) labels_of_items.insert(item.recording.label);
  labels_of_items.erase("");
  std::vector<LabelAndScore> labels;
  const std::vector<ScoreSpec> scores = cli::asked_scores(setting.explain);
  for (const std::string& label : labels_of_items) {
    for (const ScoreSpec& score : scores_of_label(scores, label)) {
      labels.emplace_back(label, to_string(score));
    }
  }
  std::vector<std::filesystem::path> tables;
  if (shard.is_whole()) tables = cli::label_files(labels, output);
  tables.push_back(output / batch_table_name(shard.ending()));
  return tables;
}

void clear_what_was_left(const std::vector<cli::BatchItem>& items,
                         const std::vector<std::filesystem::path>& tables,
                         const cli::BatchSetting& setting) {
  std::vector<std::filesystem::path> stems;
  for (std::filesystem::path table : tables) stems.push_back(table.replace_extension());
  const std::vector<ScoreSpec> scores = cli::asked_scores(setting.explain);
  for (const cli::BatchItem& item : items) {
    for (const std::filesystem::path& stem :
         cli::map_stems(setting.explain, scores_of_label(scores, item.recording.label),
                        setting.output / item.stem)) {
      stems.push_back(stem);
      stems.emplace_back(stem.string() + ".flip");
    }
  }
  clear_partial_files(stems);
}

/// Works on one recording after the other. Reads the next one meanwhile.
class Batch {
 public:
  Batch(const Request& request, const std::vector<cli::BatchItem>& items,
        const cli::BatchSetting& setting, Engine& engine, cli::BatchTableFile& table)
      : request_(request),
        items_(items),
        setting_(setting),
        engine_(engine),
        table_(table),
        progress_(items.size(), request.talk.shows_progress()) {}

  /// @throws Interrupted
  void run() {
    std::future<cli::PreparedRecording> next;  // of the recording at i, or of none
    for (std::size_t i = 0; i < items_.size(); ++i) {
      cli::stop_if_interrupted();
      std::vector<BatchRow> rows = cli::work_on(
          items_[i],
          [&] {
            std::future<cli::PreparedRecording> mine = next.valid() ? std::move(next) : prepare(i);
            mine.wait();
            next = prepare_ahead(i + 1);
            return mine.get();
          },
          engine_, setting_, talk_);
      progress_.finish_file(rows);
      say_failures(rows);
      const bool failed = std::ranges::count(rows, BatchStatus::failed, &BatchRow::status) > 0;
      table_.add(std::move(rows));
      if (failed && request_.fail_fast) break;
    }
  }

 private:
  [[nodiscard]] std::future<cli::PreparedRecording> prepare(std::size_t i) const {
    // If there is no thread, it is read when it is needed.
    return std::async(std::launch::async | std::launch::deferred,
                      [this, i] { return cli::prepare_recording(items_[i], setting_); });
  }

  /// Begins to read a recording before its turn. @returns  nothing: there is no such recording, or
  /// it will be read in its turn. A failure here must not fail the recording before.
  [[nodiscard]] std::future<cli::PreparedRecording> prepare_ahead(std::size_t i) const {
    if (i >= items_.size()) return {};
    try {
      return prepare(i);
    } catch (const std::bad_alloc&) {
      return {};
    } catch (const std::system_error&) {  // no thread
      return {};
    }
  }

  void say_failures(const std::vector<BatchRow>& rows) {
    std::set<std::string> told;  // all maps of a recording may fail for the same reason
    for (const BatchRow& row : rows) {
      if (row.is_good() || !told.insert(row.reason).second) continue;
      progress_.wipe();
      cli::say(row.reason);
    }
  }

  const Request& request_;
  const std::vector<cli::BatchItem>& items_;
  const cli::BatchSetting& setting_;
  Engine& engine_;
  cli::BatchTableFile& table_;
  cli::BatchProgress progress_;
  cli::BatchTalk talk_{[this](std::size_t done, std::size_t all) {
                         cli::stop_if_interrupted();
                         progress_.update(done, all);
                       },
                       [this](const std::filesystem::path& file, const std::string& text) {
                         progress_.wipe();
                         request_.talk.warn(file, text);
                       }};
};

int exit_code(const cli::BatchTableFile& table, bool all_folders_read) {
  if (cli::is_interrupted()) return cli::kInterrupted;
  const std::size_t good = table.count(BatchStatus::done) + table.count(BatchStatus::kept);
  if (good == table.rows().size() && all_folders_read) return cli::kSuccess;
  return good > 0 ? cli::kSomeFailed : cli::kFailure;
}

int run(Request& request) {
  const Shard shard = parse_shard(request.shard);
  const RecordingList list = list_recordings(request.inputs);
  for (const std::string& error : list.unread) cli::say(error);
  const std::vector<cli::BatchItem> items = items_of(list.recordings, shard);
  cli::BatchSetting setting = setting_of(request);
  const std::vector<std::filesystem::path> tables = tables_of(items, shard, setting);
  for (const std::filesystem::path& table : tables) refuse_existing(table, Overwrite::yes);
  if (request.dry_run) {
    for (const cli::BatchItem& item : items) say_plan(item, setting);
    return list.unread.empty() ? cli::kSuccess : cli::kSomeFailed;
  }
  const EngineOptions engine_options = request.engine.read();
  cli::note_interruptions();
  const cli::LoadedModel model = request.model.load(request.talk);
  Engine engine(*model.model, engine_options);
  setting.explain = cli::with_model(std::move(setting.explain), model, engine, request.talk);
  const cli::BatchLock lock(tables.back());
  cli::BatchTableFile table(tables.back());
  clear_what_was_left(items, tables, setting);
  try {
    Batch(request, items, setting, engine, table).run();
  } catch (const cli::Interrupted&) {
    cli::say("interrupted; run the same command again to continue");
  }
  table.write();
  if (shard.is_whole() && !cli::is_interrupted()) {
    cli::write_labels(table.all_rows(), setting.output, request.talk);
  }
  cli::print("{}: {}\n", table.path().string(), table.counts_text());
  return exit_code(table, list.unread.empty());
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
