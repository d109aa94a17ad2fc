#include "relax_spectro/explain.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <string>

#include "cli/comparison.hpp"
#include "cli/explain_choice.hpp"
#include "cli/flip_paths.hpp"
#include "cli/options.hpp"
#include "cli/presets.hpp"
#include "cli/progress_bar.hpp"
#include "cli/recorded_options.hpp"
#include "cli/result_paths.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/embed.hpp"
#include "relax_spectro/output_names.hpp"
#include "relax_spectro/part_file.hpp"
#include "relax_spectro/result_reader.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "explain",
    "Shows what in recordings a model listens to: masks the spectrogram at random, sees how the\n"
    "model's output changes, and writes a map of importance and its uncertainty (RELAX) for each\n"
    "recording: NAME.npz (arrays, for numpy.load), NAME.json (how they were made) and a figure.",
    "relax-spectro explain recording.wav -o results"};

// Of parts of masks, where no other is asked for: they take batches of one size.
constexpr std::size_t kPartBatchSize = 16;

/// The command line as typed, before names become values.
struct Request {
  CLI::App* app = nullptr;
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  cli::ExplainChoice explanation;
  std::optional<std::string> preset;
  std::optional<std::filesystem::path> config;
  std::optional<std::string> mask_range;
  std::string figure = "png";
  bool evaluate = false;
  std::optional<std::filesystem::path> boxes;
  std::string command_line;

  void declare(CLI::App& stage) {
    app = &stage;
    input.declare(stage);
    stage.get_option("files")->required(false);  // --config may name it
    output.declare(stage, "Folder for the results");
    model.declare(stage);
    explanation.declare_masks(stage);
    explanation.declare_map(stage);
    stage
        .add_option("--preset", preset,
                    "The settings of a published method, but for what is given besides. " +
                        cli::presets_text())
        ->type_name("NAME");
    stage
        .add_option("--config", config,
                    "Repeat the run that made this result (.json), but for what is given besides; "
                    "without FILE on its recording")
        ->type_name("FILE")
        ->excludes("--preset");
    stage
        .add_option("--mask-range", mask_range,
                    "Evaluate masks BEGIN:END of --masks only, and write their scores: a part, for "
                    "relax-spectro merge")
        ->type_name("BEGIN:END");
    stage
        .add_flag("--evaluate", evaluate,
                  "Test each map at once, as relax-spectro flip does by its defaults")
        ->excludes("--mask-range");
    stage
        .add_option("--boxes", boxes,
                    "With --evaluate: annotated events, that the maps are compared with as by "
                    "relax-spectro localise, into localisation.csv")
        ->type_name("TABLE")
        ->needs("--evaluate");
    stage.add_option("--figure", figure, "Figure: png, svg, pdf or none")
        ->capture_default_str()
        ->check(CLI::IsMember({"png", "svg", "pdf", "none"}));
    model.declare_device(stage);
    engine.declare(stage);
    talk.declare(stage);
  }
};

/// What all recordings are explained with.
struct Setting {
  ExplainOptions options;
  std::optional<MaskRange> mask_range;
  Provenance provenance;  ///< all but the recording's own
};

/// Says where a file is not the one that a result was made from.
void warn_if_changed(const SourceFile& recorded, const SourceFile& now,
                     const cli::TalkOptions& talk) {
  if (recorded.sha256 != now.sha256) {
    talk.warn(now.path,
              "is not the file that the result of --config was made from: its SHA-256 "
              "differs");
  }
}

Provenance provenance_of(const std::filesystem::path& file, const Audio& audio,
                         const Request& request, const Setting& setting) {
  Provenance provenance = setting.provenance;
  provenance.input = source_file(file);
  provenance.input_sample_rate_hz = audio.sample_rate_hz;
  provenance.input_duration_s = audio.duration_s();
  provenance.input_channel = request.input.channel;
  return provenance;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Evaluates a part of the masks and keeps their scores.
void explain_part_of_file(const std::filesystem::path& file, const std::filesystem::path& stem,
                          Engine& engine, const Request& request, const Setting& setting) {
  const auto start = std::chrono::steady_clock::now();
  const cli::ResultPaths paths{part_stem(stem, *setting.mask_range), "none"};
  paths.refuse_existing(request.output.overwrite());
  const Audio audio = read_audio(file, request.input.channel);
  PartialExplanation part;
  {
    cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
    part = explain_part(engine, audio, setting.options, *setting.mask_range,
                        [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  for (const auto& warning : part.recording.warnings) request.talk.warn(file, warning);
  Provenance provenance = provenance_of(file, audio, request, setting);
  provenance.seconds = seconds_since(start);
  write_part(paths.stem, part, setting.options, engine.card(), provenance,
             request.output.overwrite());
  fmt::print("{}\n", paths.with("json").string());
}

/// Tests the map of a recording that was just explained.
void evaluate(const Audio& audio, const Explanation& explanation, const Provenance& provenance,
              const cli::ResultPaths& result, const cli::FlipPaths& paths, Engine& engine,
              const Request& request, const ExplainOptions& explained) {
  const auto start = std::chrono::steady_clock::now();
  FlipOptions options;
  options.fill = explained.fill;
  options.score = explained.score;
  options.reference = explained.reference;
  Flipping flipping;
  {
    cli::ProgressBar bar(result.stem.filename().string() + " (flip)",
                         request.talk.shows_progress());
    flipping = flip(engine, cut_recording(engine.card(), audio, {explained.hop_s, Tail::cover}),
                    explanation.saliency.importance, options,
                    [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  paths.write(flipping, options,
              {request.command_line, source_file(result.with("json")), "importance",
               provenance.input, provenance.model, provenance.runtime, seconds_since(start)},
              request.output.overwrite());
  fmt::print("{}\n", cli::flip_line(paths, flipping));
}

void explain_file(const std::filesystem::path& file, const std::filesystem::path& stem,
                  Engine& engine, const Request& request, const Setting& setting) {
  const auto start = std::chrono::steady_clock::now();
  const cli::ResultPaths paths{stem, request.figure};
  const cli::FlipPaths flip_paths{stem.string() + ".flip", request.figure};
  paths.refuse_existing(request.output.overwrite());
  if (request.evaluate) flip_paths.refuse_existing(request.output.overwrite());
  const Audio audio = read_audio(file, request.input.channel);
  Explanation explanation;
  {
    cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
    explanation = explain(engine, audio, setting.options,
                          [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  for (const std::string& warning : explanation.warnings) request.talk.warn(file, warning);
  Provenance provenance = provenance_of(file, audio, request, setting);
  provenance.seconds = seconds_since(start);
  paths.write(explanation, setting.options, engine.card(), provenance, request.output.overwrite());
  fmt::print("{}\n", paths.shown().string());
  if (request.evaluate) {
    evaluate(audio, explanation, provenance, paths, flip_paths, engine, request, setting.options);
  }
}

/// Compares all results with annotated events.
class Localising {
 public:
  explicit Localising(const Request& request)
      : request_(&request),
        table_(request.output.path / "localisation.csv"),
        comparison_({*request.boxes, {}, "contrast", {}}, request.talk) {
    refuse_existing(table_, request.output.overwrite());
  }

  void add(const std::filesystem::path& result) { rows_.push_back(comparison_.row_of(result)); }

  void finish() const {
    if (rows_.empty()) return;
    write_text_file(table_, localisation_csv(rows_), request_->output.overwrite());
    fmt::print("{}: {}\n", table_.string(), cli::localisation_verdict(rows_, "contrast"));
  }

 private:
  const Request* request_;
  std::filesystem::path table_;
  cli::Comparison comparison_;
  std::vector<LocalisationRow> rows_;
};

/// Fills in what a preset or a result says of options that were not typed.
/// @returns  the run that is repeated, if any
std::optional<RecordedRun> fill_in_options(Request& request) {
  if (request.preset) cli::fill_in(*request.app, cli::find_preset(*request.preset).values);
  if (!request.config) return std::nullopt;
  RecordedRun run = read_recorded_run(*request.config);
  std::vector<cli::OptionValue> values = cli::recorded_options(run.options_json);
  values.push_back({"--model", run.provenance.model.path.string()});
  if (run.provenance.input_channel) {
    values.push_back({"--channel", std::to_string(*run.provenance.input_channel)});
  }
  if (request.input.files.empty()) request.input.files = {run.provenance.input.path};
  cli::fill_in(*request.app, values);
  return run;
}

Setting read_setting(const Request& request) {
  Setting setting;
  setting.options = request.explanation.read();
  if (request.mask_range) setting.mask_range = cli::parse_mask_range(*request.mask_range);
  setting.provenance.command_line = request.command_line;
  setting.provenance.masks_file = request.explanation.masks_file();
  if (const auto& reference = request.explanation.reference()) {
    setting.provenance.reference = source_file(*reference);
  }
  setting.provenance.model_options = request.model.options;
  return setting;
}

EngineOptions engine_options_of(const Request& request) {
  EngineOptions options = request.engine.read();
  if (request.mask_range && options.batches.empty())
    options.batches = BatchSchedule(kPartBatchSize);
  return options;
}

int run(Request& request) {
  const std::optional<RecordedRun> repeated = fill_in_options(request);
  if (request.input.files.empty()) throw CLI::RequiredError("files");
  Setting setting = read_setting(request);
  const std::vector<std::string> stems = unique_stems(request.input.files);
  const EngineOptions engine_options = engine_options_of(request);
  const cli::LoadedModel model = request.model.load(request.talk);
  setting.provenance.model = model.file;
  setting.provenance.runtime = model.model->runtime();
  if (repeated) warn_if_changed(repeated->provenance.model, model.file, request.talk);
  Engine engine(*model.model, engine_options);
  if (setting.provenance.reference) {
    setting.options.reference = mean_embedding(
        engine, read_audio(setting.provenance.reference->path, request.input.channel),
        {setting.options.hop_s, Tail::cover});
    setting.options.validate();
  }
  std::optional<Localising> localising;
  if (request.boxes) localising.emplace(request);
  const int code = cli::for_each_input(request.input.files, [&](std::size_t i) {
    const std::filesystem::path& file = request.input.files[i];
    if (repeated && file == repeated->provenance.input.path) {
      warn_if_changed(repeated->provenance.input, source_file(file), request.talk);
    }
    const auto explain_one = setting.mask_range ? explain_part_of_file : explain_file;
    explain_one(file, request.output.path / stems[i], engine, request, setting);
    if (localising) localising->add(request.output.path / (stems[i] + ".json"));
  });
  if (localising) localising->finish();
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  request.command_line = cli::command_line(argc, argv);
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    request.declare(app);
    return [&request] { return run(request); };
  });
}
