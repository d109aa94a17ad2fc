#include "relax_spectro/saliency/explain.hpp"

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/comparison.hpp"
#include "cli/explain_choice.hpp"
#include "cli/explain_recording.hpp"
#include "cli/flip_recording.hpp"
#include "cli/interruption.hpp"
#include "cli/options.hpp"
#include "cli/presets.hpp"
#include "cli/progress_bar.hpp"
#include "cli/result_paths.hpp"
#include "cli/stage.hpp"
#include "cli/stopwatch.hpp"
#include "cli/streams.hpp"
#include "files/output_names.hpp"
#include "relax_spectro/base/error.hpp"
#include "results/recording_search.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "explain",
    "Shows what a model listens to in a recording. Masks parts of the spectrogram, and measures\n"
    "how the model's output changes. Writes a map of importance and one of uncertainty (RELAX):\n"
    "arrays (NAME.npz), how they were made (NAME.json) and a figure.",
    "relax-spectro explain recording.wav -o results"};

/// The command line as typed.
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
  std::string figure = "png";
  bool evaluate = false;
  std::optional<std::filesystem::path> boxes;
  std::string command_line;

  void declare(cli::CommandLine& line) {
    options = &line;
    input.declare(line);
    line.at("FILE").required(false);  // --config may name it
    model.declare(line);
    line.option("--config", &config,
                "Repeat the run that made this result, changed by other options")
        .type_name("JSON");
    cli::declare_recordings(line, recordings);
    line.at("--recordings").needs("--config");
    explanation.declare_masks(line);
    explanation.declare_map(line);
    cli::declare_preset(line, preset);
    line.at("--config").excludes("--preset");
    output.declare(line, "Folder for the results");
    cli::declare_figure(line, figure);
    line.flag("--evaluate", &evaluate, "Also test each map, as relax-spectro flip does");
    line.option("--boxes", &boxes, "With --evaluate: annotated events, for localisation.csv")
        .type_name("TABLE")
        .needs("--evaluate");
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

/// Tests the map of a recording that was just explained.
Flipping evaluate(const cli::Recording& recording, const Result& result,
                  const cli::ResultPaths& paths, Engine& engine, const Request& request) {
  FlipResult flipped;
  {
    cli::ProgressBar bar(paths.stem.filename().string() + " (flip)", request.talk.shows_progress());
    flipped = cli::flip_recording(
        {recording.audio, result.options.hop_s, result.explanation.saliency.importance}, engine,
        cli::default_flip(result, paths.with("json")), paths.flip(), request.output.overwrite(),
        [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  return std::move(flipped.flipping);
}

/// @param made  receives the JSON of each result.
void explain_file(const std::filesystem::path& file, const std::filesystem::path& stem,
                  Engine& engine, const Request& request, const cli::ExplainSetting& setting,
                  const std::function<void(const std::filesystem::path&)>& made) {
  const Overwrite overwrite = request.output.overwrite();
  const std::vector<cli::AskedMap> asked = cli::asked_maps(source_file(file), setting, stem);
  for (const cli::AskedMap& map : asked) {
    const cli::ResultPaths paths{map.stem, request.figure};
    paths.refuse_existing(overwrite);
    if (request.evaluate) paths.flip().refuse_existing(overwrite);
  }
  const cli::Recording recording =
      cli::read_recording(asked[0].asked.provenance.input, setting.audio);
  cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
  std::set<std::string> told;  // maps of several scores share many warnings
  const auto take = [&](std::size_t i, const Result& result) {
    cli::stop_if_interrupted();
    bar.wipe();
    const cli::ResultPaths paths{asked[i].stem, request.figure};
    paths.write(result, overwrite);
    for (const auto& warning : result.explanation.warnings) {
      if (told.insert(warning).second) request.talk.warn(file, warning);
    }
    if (request.evaluate) {
      const Flipping flipping = evaluate(recording, result, paths, engine, request);
      cli::print("{}\n{}\n", cli::result_line(paths, result, &*flipping.gains),
                 cli::flip_line(paths.flip(), flipping));
    } else {
      cli::print("{}\n", cli::result_line(paths, result));
    }
    made(paths.with("json"));
  };
  cli::explain_recording(recording, engine, asked, take,
                         [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
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

/// The result whose run is repeated, with its recordings where they are now.
Result repeated_result(const Request& request) {
  Result result = read_result(*request.config);
  Provenance& made_from = result.provenance;
  RecordingSearch recordings(request.recordings);
  if (request.input.files.empty()) {
    made_from.input.path = recordings.find(made_from.input, *request.config).path;
  }
  if (made_from.reference && !request.options->has("--reference")) {
    made_from.reference->path = recordings.find(*made_from.reference, *request.config).path;
  }
  return result;
}

/// Takes files and audio options from a result, unless they were typed.
/// @returns  how its windows were run, if the model is its own
EngineOptions take_over(const Result& result, Request& request) {
  const Provenance& made_from = result.provenance;
  const EngineUse& engine = result.explanation.method.engine;
  if (request.input.files.empty()) request.input.files = {made_from.input.path};
  const bool same_model = !request.options->has("--model");
  if (same_model) request.model.name = made_from.model.path.string();
  if (same_model && !request.options->has("--probe")) {
    request.model.probe = cli::model_files(made_from).probe;
  }
  AudioOptions& audio = request.input.audio.options;
  if (!audio.channel) audio.channel = made_from.audio.channel;
  if (!audio.begin_s) audio.begin_s = made_from.audio.begin_s;
  if (!audio.end_s) audio.end_s = made_from.audio.end_s;
  std::vector<std::filesystem::path> read{made_from.input.path, request.model.path()};
  for (const auto& file : {made_from.reference, made_from.masks_file, made_from.probe}) {
    if (file) read.push_back(file->path);
  }
  keep_inputs(read);
  if (!same_model) return {};
  return {engine.batch, engine.workers, engine.threads, 0};
}

/// Warns if the files of the reference or the masks changed since the result was made.
void warn_of_changed_files(const Result& over, const Result& asked, const Request& request) {
  using File = std::optional<SourceFile> Provenance::*;
  for (const File file : {&Provenance::reference, &Provenance::masks_file}) {
    const std::optional<SourceFile>& recorded = over.provenance.*file;
    const std::optional<SourceFile>& now = asked.provenance.*file;
    if (!recorded || !now || recorded->path != now->path) continue;
    request.talk.warn_if_changed(*recorded, *now, *request.config);
  }
}

/// Folders and lists of recordings are for batch.
void refuse_several(const std::filesystem::path& file) {
  std::error_code unreadable;  // shows when it is opened
  const bool is_folder = std::filesystem::is_directory(file, unreadable);
  const std::filesystem::path ending = file.extension();
  if (!is_folder && ending != ".csv" && ending != ".txt") return;
  throw ConfigError(
      fmt::format("{}: is a {}, expected a recording; for several recordings, use "
                  "relax-spectro batch {}",
                  file.string(), is_folder ? "folder" : "list", file.string()));
}

int run(Request& request) {
  Result over;
  EngineOptions engine_over;
  if (request.preset) over.options = cli::find_preset(*request.preset).options;
  if (request.config) {
    over = repeated_result(request);
    engine_over = take_over(over, request);
  }
  if (request.input.files.empty()) throw cli::UsageError("FILE is required");
  for (const std::filesystem::path& file : request.input.files) refuse_several(file);
  cli::ExplainSetting setting = cli::read_explain_setting(
      request.explanation, request.model, request.input.audio.options, request.command_line, over);
  if (request.config) warn_of_changed_files(over, setting.asked, request);
  const std::vector<std::string> stems = unique_stems(request.input.files);
  const EngineOptions engine_options = request.engine.read(engine_over);
  const cli::LoadedModel model =
      cli::load(request.model.files(), setting.asked.provenance.model_options, request.talk);
  const bool names_model = request.options->has("--model") || request.options->has("--probe");
  if (request.config && !names_model) {
    request.talk.warn_if_changed(over.provenance, model, *request.config);
    request.talk.warn_if_changed(over, model.model->card(), *request.config);
  }
  Engine engine(*model.model, engine_options);
  setting = cli::with_model(std::move(setting), model, engine, request.talk);
  std::optional<Localising> localising;
  if (request.boxes) localising.emplace(request);
  const int code = cli::for_each_input(request.input.files, [&](std::size_t i) {
    const std::filesystem::path& file = request.input.files[i];
    const std::filesystem::path stem = request.output.path / stems[i];
    if (request.config && file == over.provenance.input.path) {
      request.talk.warn_if_changed(over.provenance.input, source_file(file), *request.config);
    }
    explain_file(file, stem, engine, request, setting, [&](const std::filesystem::path& json) {
      if (localising) localising->add(json);
    });
  });
  const int compared = localising ? localising->finish() : cli::kSuccess;
  return code == cli::kSuccess ? compared : code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
