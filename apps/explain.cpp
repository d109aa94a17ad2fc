#include "relax_spectro/saliency/explain.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/comparison.hpp"
#include "cli/explain_choice.hpp"
#include "cli/explain_recording.hpp"
#include "cli/flip_paths.hpp"
#include "cli/flip_recording.hpp"
#include "cli/options.hpp"
#include "cli/presets.hpp"
#include "cli/progress_bar.hpp"
#include "cli/recorded_options.hpp"
#include "cli/result_paths.hpp"
#include "cli/stage.hpp"
#include "cli/stopwatch.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_names.hpp"
#include "relax_spectro/results/recording_search.hpp"
#include "relax_spectro/results/result_reader.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "explain",
    "Shows what in recordings a model listens to: masks the spectrogram at random, sees how the\n"
    "model's output changes, and writes a map of importance and its uncertainty (RELAX) for each\n"
    "recording: NAME.npz (arrays, for numpy.load), NAME.json (how they were made) and a figure.",
    "relax-spectro explain recording.wav -o results"};

/// The command line as typed, before names become values.
struct Request {
  cli::CommandLine* options = nullptr;
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  cli::ExplainChoice explanation;
  std::optional<std::string> preset;
  std::optional<std::filesystem::path> config;
  std::filesystem::path recordings;
  bool other_model = false;  // than that of `config` was asked for
  std::string figure = "png";
  bool evaluate = false;
  std::optional<std::filesystem::path> boxes;
  std::string command_line;

  void declare(cli::CommandLine& line) {
    options = &line;
    input.declare(line);
    line.at("files").required(false);  // --config may name it
    output.declare(line, "Folder for the results");
    model.declare(line);
    explanation.declare_masks(line);
    explanation.declare_map(line);
    cli::declare_preset(line, preset);
    line.option("--config", &config,
                "Repeat the run that made this result (.json), but for what is given besides; "
                "without FILE on its recording")
        .type_name("FILE")
        .excludes("--preset");
    cli::declare_recordings(line, recordings);
    line.at("--recordings").needs("--config");
    line.flag("--evaluate", &evaluate,
              "Test each map at once, as relax-spectro flip does by its defaults");
    line.option("--boxes", &boxes,
                "With --evaluate: annotated events, that the maps are compared with as by "
                "relax-spectro localise, into localisation.csv")
        .type_name("TABLE")
        .needs("--evaluate");
    cli::declare_figure(line, figure);
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
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

/// Tests the map of a recording that was just explained.
void evaluate(const cli::Recording& recording, const cli::ExplainedRecording& explained,
              const cli::ResultPaths& result, const cli::FlipPaths& paths, Engine& engine,
              const Request& request, const ExplainOptions& options) {
  const Provenance& provenance = explained.provenance;
  Flipping flipping;
  {
    cli::ProgressBar bar(result.stem.filename().string() + " (flip)",
                         request.talk.shows_progress());
    flipping = cli::flip_recording(
        {recording.audio, options.hop_s, explained.explanation.saliency.importance}, engine,
        cli::fitting_flip_options(options),
        {request.command_line, source_file(result.with("json")), "importance", provenance.input,
         provenance.model, provenance.runtime, 0.0},
        paths, request.output.overwrite(),
        [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  cli::print("{}\n", cli::flip_line(paths, flipping));
}

void explain_file(const std::filesystem::path& file, const std::filesystem::path& stem,
                  Engine& engine, const Request& request, const cli::ExplainSetting& setting) {
  const cli::ResultPaths paths{stem, request.figure};
  const cli::FlipPaths flip_paths{stem.string() + ".flip", request.figure};
  paths.refuse_existing(request.output.overwrite());
  if (request.evaluate) flip_paths.refuse_existing(request.output.overwrite());
  const cli::Recording recording = cli::read_recording(file, request.input.audio.options);
  cli::ExplainedRecording explained;
  {
    cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
    explained = cli::explain_recording(
        recording, engine, setting, paths, request.output.overwrite(),
        [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  for (const auto& warning : explained.explanation.warnings) request.talk.warn(file, warning);
  cli::print("{}\n", paths.shown().string());
  if (request.evaluate) {
    evaluate(recording, explained, paths, flip_paths, engine, request,
             cli::options_of(recording.file, setting));
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

  void add(const std::filesystem::path& result) { results_.push_back(result); }

  /// @returns  the exit code
  [[nodiscard]] int finish() const {
    const auto [rows, code] = comparison_.compare(results_);
    if (rows.empty()) return code;
    write_text_file(table_, localisation_csv(rows), request_->output.overwrite());
    cli::print("{}: {}\n", table_.string(), cli::localisation_verdict(rows, "contrast"));
    return code;
  }

 private:
  const Request* request_;
  std::filesystem::path table_;
  cli::Comparison comparison_;
  std::vector<std::filesystem::path> results_;
};

/// Sets the recordings of a run that is repeated to where they are now, if no others are typed.
void find_recordings(const Request& request, Provenance& made_from) {
  RecordingSearch recordings(request.recordings);
  if (request.input.files.empty()) {
    made_from.input.path = recordings.find(made_from.input, *request.config).path;
  }
  if (made_from.reference && !request.options->has("--reference")) {
    made_from.reference = recordings.find(*made_from.reference, *request.config);
  }
}

/// Fills in what a preset or a result says of options that were not typed.
/// @returns  the run that is repeated, if any
std::optional<RecordedRun> fill_in_options(Request& request) {
  if (request.preset) cli::fill_in(*request.options, cli::find_preset(*request.preset).values);
  if (!request.config) return std::nullopt;
  RecordedRun run = read_recorded_run(*request.config);
  std::vector<cli::OptionValue> values = cli::recorded_options(run.options_json);
  // Another model is asked for: its windows follow each other as its own card says.
  request.other_model = request.options->has("--model");
  if (request.other_model) std::erase_if(values, [](const auto& v) { return v.option == "--hop"; });
  find_recordings(request, run.provenance);
  values.push_back({"--model", run.provenance.model.path.string()});
  for (cli::OptionValue& value : values) {
    if (value.option == "--reference") value.value = run.provenance.reference->path.string();
  }
  if (run.provenance.input_channel) {
    values.push_back({"--channel", std::to_string(*run.provenance.input_channel)});
  }
  if (request.input.files.empty()) request.input.files = {run.provenance.input.path};
  cli::fill_in(*request.options, values);
  return run;
}

/// Folders and lists of recordings are what batch is for.
void refuse_several(const std::filesystem::path& file) {
  std::error_code unreadable;  // shows when it is opened
  const bool is_folder = std::filesystem::is_directory(file, unreadable);
  const std::filesystem::path ending = file.extension();
  if (!is_folder && ending != ".csv" && ending != ".txt") return;
  throw ConfigError(
      fmt::format("{}: is a {}, expected a recording; relax-spectro batch {} "
                  "explains all {}",
                  file.string(), is_folder ? "folder" : "list", file.string(),
                  is_folder ? "in it" : "that it names"));
}

int run(Request& request) {
  const std::optional<RecordedRun> repeated = fill_in_options(request);
  if (request.input.files.empty()) throw cli::UsageError("files is required");
  for (const std::filesystem::path& file : request.input.files) refuse_several(file);
  cli::ExplainSetting setting = cli::read_explain_setting(
      request.explanation, request.model, request.input.audio.options, request.command_line);
  const std::vector<std::string> stems = unique_stems(request.input.files);
  const EngineOptions engine_options = request.engine.read();
  const cli::LoadedModel model = request.model.load(request.talk);
  if (repeated && !request.other_model) {
    warn_if_changed(repeated->provenance.model, model.file, request.talk);
  }
  Engine engine(*model.model, engine_options);
  setting = cli::with_model(std::move(setting), model, engine, request.talk);
  std::optional<Localising> localising;
  if (request.boxes) localising.emplace(request);
  const int code = cli::for_each_input(request.input.files, [&](std::size_t i) {
    const std::filesystem::path& file = request.input.files[i];
    const std::filesystem::path stem = request.output.path / stems[i];
    if (repeated && file == repeated->provenance.input.path) {
      warn_if_changed(repeated->provenance.input, source_file(file), request.talk);
    }
    explain_file(file, stem, engine, request, setting);
    if (localising) localising->add(request.output.path / (stems[i] + ".json"));
  });
  const int compared = localising ? localising->finish() : cli::kSuccess;
  return code == cli::kSuccess ? compared : code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
