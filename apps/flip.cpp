#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "cli/flip_choice.hpp"
#include "cli/flip_recording.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/result_models.hpp"
#include "cli/stage.hpp"
#include "cli/stopwatch.hpp"
#include "cli/streams.hpp"
#include "evaluation/flip_verdict.hpp"
#include "occlusion/embed.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/recording_search.hpp"
#include "results/result_folder.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "flip",
    "Tests whether a map can be trusted (pixel flipping). Replaces more and more of the input,\n"
    "the most important bins first, and measures how fast the score falls. Compares that with\n"
    "random orders and with the loudest bins first. Writes NAME.flip.npz, NAME.flip.json and a\n"
    "figure.",
    "relax-spectro flip results/recording.json -o results"};

struct Request {
  std::vector<std::filesystem::path> files;
  cli::FlipChoice choice;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  std::filesystem::path recordings;
  std::string map = "importance";
  std::string figure = "png";
  std::string command_line;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of explain (NAME.json), or folders of them").required();
    cli::declare_recordings(line, recordings);
    choice.declare(line);
    line.option("--map", &map, "Map to test: importance, contrast, u_relax or uncertainty")
        .type_name("ARRAY");
    output.declare(line, "Folder for the results");
    cli::declare_figure(line, figure);
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

std::optional<FlipGains> flip_result(const std::filesystem::path& json_path,
                                     const std::filesystem::path& stem, cli::ResultModels& models,
                                     RecordingSearch& recordings, const Request& request) {
  const cli::Stopwatch stopwatch;
  const cli::ResultPaths paths{stem, request.figure};
  paths.refuse_existing(request.output.overwrite());
  const Result result = read_result(json_path);
  const Array2d<double> map = read_map(json_path, request.map);
  const SourceFile input = recordings.find(result.provenance.input, json_path);
  const AudioOptions& audio_options = result.provenance.audio;
  const Audio audio = request.talk.read(input.path, audio_options);
  request.talk.warn_if_changed(result.provenance.input, input, json_path);
  const std::optional<double> hop_s = result.options.hop_s;
  FlipOptions fitting = cli::fitting_flip_options(result.options);
  Engine& engine = models.engine_for(result.provenance, json_path);
  request.talk.warn_if_changed(result, engine.card(), json_path);
  if (const auto& reference = result.provenance.reference) {
    const SourceFile now = recordings.find(*reference, json_path);
    request.talk.warn_if_changed(*reference, now, json_path);
    fitting.reference = mean_embedding(
        engine, request.talk.read(now.path, audio_options.of_whole()), {hop_s, Tail::cover});
  }
  const cli::LoadedModel& model = models.model();
  const FlipResult asked{
      {request.command_line, source_file(json_path), request.map, input, model.file, model.probe,
       request.model.options(), model.model->runtime(), stopwatch.seconds()},
      request.choice.read(fitting),
      {}};
  FlipResult flipped;
  {
    cli::ProgressBar bar(json_path.filename().string(), request.talk.shows_progress());
    flipped =
        cli::flip_recording({audio, hop_s, map}, engine, asked, paths, request.output.overwrite(),
                            [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  const Flipping& flipping = flipped.flipping;
  for (const std::string& warning : flipping.engine.warnings) request.talk.warn(json_path, warning);
  cli::print("{}\n", cli::flip_line(paths, flipping));
  return flipping.gains;
}

int run(const Request& request) {
  const std::vector<NamedResult> named = named_results(request.files);
  const std::vector<std::filesystem::path> results = json_paths(named);
  const std::vector<std::filesystem::path> stems = output_stems(named);
  cli::ResultModels models(request.model, request.engine, request.talk);
  RecordingSearch recordings(request.recordings);
  std::vector<FlipGains> gains;
  const int code = cli::for_each_input(results, [&](std::size_t i) {
    const auto found = flip_result(results[i], request.output.path / (stems[i].string() + ".flip"),
                                   models, recordings, request);
    if (found) gains.push_back(*found);
  });
  if (gains.size() > 1) cli::print("{}", verdict_over(gains));
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
