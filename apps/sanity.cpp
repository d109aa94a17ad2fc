#include "evaluation/sanity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/explain_choice.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/result_paths.hpp"
#include "cli/stage.hpp"
#include "cli/stopwatch.hpp"
#include "cli/streams.hpp"
#include "occlusion/embed.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"
#include "render/sanity_figure.hpp"
#include "results/recording_search.hpp"
#include "results/result_folder.hpp"
#include "results/sanity_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "sanity",
    "Tests whether a map depends on what the model has learnt. Explains the recording again\n"
    "with other masks, and with the model's weights shuffled. Prints how much of the map stays.\n"
    "Writes NAME.sanity.npz, NAME.sanity.json and a figure.",
    "relax-spectro sanity results/recording.json -o results"};

struct Request {
  std::vector<std::filesystem::path> files;
  std::filesystem::path recordings;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  std::uint64_t shuffle_seed = 0;
  std::size_t shuffles = 5;
  std::string figure = "png";
  std::size_t cascade = 1;
  std::string command_line;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of explain (NAME.json), or folders of them").required();
    cli::declare_recordings(line, recordings);
    line.group(cli::HelpGroup::measured);
    line.option("--shuffles", &shuffles, "Models with all weights shuffled")
        .whole_number(kFewestShuffles, 1000);
    line.option("--cascade", &cascade, "Also shuffle layer by layer, in this many stages")
        .whole_number(1, 1000);
    line.option("--shuffle-seed", &shuffle_seed, "Seed of the first shuffle").whole_number().rare();
    output.declare(line, "Folder for the results");
    cli::declare_figure(line, figure);
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

/// The check needs the very file that the result was made from.
void require_unchanged(const SourceFile& recorded, const SourceFile& now,
                       const std::filesystem::path& result) {
  if (recorded.sha256 == now.sha256) return;
  throw IoError(fmt::format(
      "{}: is not the file that {} was made from: its SHA-256 differs; run explain again",
      now.path.string(), result.string()));
}

/// A recording that a result was made from, where it is now.
SourceFile find_unchanged(RecordingSearch& recordings, const SourceFile& recorded,
                          const std::filesystem::path& result) {
  SourceFile now = recordings.find(recorded, result);
  require_unchanged(recorded, now, result);
  return now;
}

/// A model as it is. Then with more and more of its layers shuffled, from the last that runs. Then
/// with all layers shuffled, several times.
class Models {
 public:
  Models(const Request& request, cli::ModelFiles files)
      : request_(&request), files_(std::move(files)) {
    add({});
    const std::size_t layers = model().layers().size();
    std::size_t before = 0;
    for (std::size_t stage = 1; stage < request.cascade; ++stage) {
      const std::size_t shuffled = stage * layers / request.cascade;
      if (shuffled > before) add(WeightShuffle{request.shuffle_seed, shuffled});
      before = shuffled;
    }
    for (std::size_t i = 0; i < request.shuffles; ++i) {
      add(WeightShuffle{request.shuffle_seed + i, {}});
      models_.back().shuffled_layers = layers;
      models_.back().all_layers = true;
    }
  }

  /// Lets each model embed the reference recording, if there is one.
  void embed_reference(const std::optional<Audio>& reference, std::optional<double> hop_s) {
    for (SanityModel& one : models_) {
      one.reference.reset();
      if (reference) one.reference = mean_embedding(*one.engine, *reference, {hop_s, Tail::cover});
    }
  }
  [[nodiscard]] std::span<const SanityModel> all() const { return models_; }
  [[nodiscard]] const Model& model() const { return *loaded_.front().model; }
  /// The first whose layers are all shuffled.
  [[nodiscard]] const Model& shuffled() const {
    const auto whole = std::ranges::find(models_, true, &SanityModel::all_layers);
    return *loaded_[static_cast<std::size_t>(whole - models_.begin())].model;
  }
  [[nodiscard]] const cli::LoadedModel& loaded() const { return loaded_.front(); }

 private:
  void add(const std::optional<WeightShuffle>& shuffle) {
    ModelOptions options = request_->model.options();
    options.shuffle = shuffle;
    loaded_.push_back(cli::load(files_, options, request_->talk));
    engines_.push_back(std::make_unique<Engine>(*loaded_.back().model, request_->engine.read()));
    models_.push_back(
        {engines_.back().get(), shuffle ? shuffle->layers.value_or(0) : 0, false, std::nullopt});
  }

  const Request* request_;
  cli::ModelFiles files_;
  std::vector<cli::LoadedModel> loaded_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<SanityModel> models_;
};

/// The models of the results. They are loaded again only if the next result has another model.
class LoadedModels {
 public:
  explicit LoadedModels(const Request& request) : request_(&request) {}

  Models& of(const cli::ModelFiles& files) {
    if (!models_ || files != files_) {
      models_.reset();
      models_.emplace(*request_, files);
      files_ = files;
    }
    return *models_;
  }

 private:
  const Request* request_;
  cli::ModelFiles files_;
  std::optional<Models> models_;
};

std::string cascade_text(const SanityCheck& check) {
  std::string text;
  for (const ShuffledMap& stage : check.stages) {
    const std::string layers = stage.layers == 1 ? "layer" : fmt::format("{} layers", stage.layers);
    text += fmt::format("; with the last {} shuffled: {}", layers, text_of(stage));
  }
  return text;
}

/// The source of the check: that of the result, with the model as it was loaded now.
SanitySource source_of(const std::filesystem::path& json_path, const Result& result,
                       const Models& models, const Request& request) {
  SanitySource source;
  source.result = source_file(json_path);
  source.provenance = result.provenance;
  source.provenance.tool_version = version();
  source.provenance.command_line = request.command_line;
  source.provenance.model = models.loaded().file;
  source.provenance.probe = models.loaded().probe;
  source.provenance.model_options = request.model.options();
  source.provenance.runtime = models.model().runtime();
  source.shuffled_runtime = models.shuffled().runtime();
  source.shuffle_seed = request.shuffle_seed;
  source.layers = models.model().layers();
  return source;
}

void write(const SanityCheck& check, const ExplainOptions& options, const Models& models,
           const SanitySource& source, const cli::ResultPaths& paths, const Request& request) {
  const Overwrite overwrite = request.output.overwrite();
  paths.write(
      overwrite,
      [&](const std::filesystem::path& path) {
        draw_figure(path, sanity_figure(check, source.shuffle_seed,
                                        source.provenance.input.path.filename().string()));
      },
      [&](OutputFile* figure) {
        write_sanity(paths.stem, check, options, models.model().card(), source, overwrite, figure);
      });
  cli::print("{}: {}{}\n", paths.shown().string(), verdict_of(check), cascade_text(check));
}

void check_result(const std::filesystem::path& json_path, const std::filesystem::path& stem,
                  LoadedModels& loaded, RecordingSearch& recordings, const Request& request) {
  const cli::Stopwatch stopwatch;
  const cli::ResultPaths paths{stem, request.figure};
  paths.refuse_existing(request.output.overwrite());
  Result result = read_result(json_path);
  Provenance& made_from = result.provenance;
  const ExplainOptions& options = result.options;
  const Array2d<double> map = read_map(json_path, "contrast");
  const AudioOptions audio_options = made_from.audio;
  made_from.input = find_unchanged(recordings, made_from.input, json_path);
  const Audio audio = read_audio(made_from.input.path, audio_options);
  std::optional<Audio> reference;
  if (made_from.reference) {
    made_from.reference = find_unchanged(recordings, *made_from.reference, json_path);
    reference = request.talk.read(made_from.reference->path, audio_options.of_whole());
  }
  const std::optional<SourceFile> masks_file = made_from.masks_file;
  cli::ExplainChoice().lay_over(result);  // reads a file of masks
  if (masks_file) require_unchanged(*masks_file, *made_from.masks_file, json_path);
  Models& models = loaded.of(cli::model_files(made_from));
  require_unchanged(made_from.model, models.loaded().file, json_path);
  if (made_from.probe) require_unchanged(*made_from.probe, *models.loaded().probe, json_path);
  models.embed_reference(reference, options.hop_s);
  SanityCheck check;
  {
    cli::ProgressBar bar(json_path.filename().string(), request.talk.shows_progress());
    check = check_sanity(map, models.all(), audio, options,
                         [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  for (const std::string& warning : check.warnings) request.talk.warn(json_path, warning);
  SanitySource source = source_of(json_path, result, models, request);
  source.provenance.seconds = stopwatch.seconds();
  write(check, options, models, source, paths, request);
}

int run(const Request& request) {
  const std::vector<NamedResult> named = named_results(request.files);
  const std::vector<std::filesystem::path> results = json_paths(named);
  const std::vector<std::filesystem::path> stems = output_stems(named);
  LoadedModels models(request);
  RecordingSearch recordings(request.recordings);
  return cli::for_each_input(results, [&](std::size_t i) {
    check_result(results[i], request.output.path / (stems[i].string() + ".sanity"), models,
                 recordings, request);
  });
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
