#include "relax_spectro/evaluation/sanity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/explain_choice.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "cli/stopwatch.hpp"
#include "relax_spectro/files/output_names.hpp"
#include "relax_spectro/occlusion/embed.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/render/sanity_figure.hpp"
#include "relax_spectro/results/sanity_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "sanity",
    "Tests whether maps depend on what the model has learnt: explains each recording with the\n"
    "model, with other masks, and with the model's weights shuffled, and says how much of the map\n"
    "stays. Writes NAME.sanity.npz, .json and a figure. With --score top, a shuffled model is\n"
    "asked about the class that the model itself scores highest.",
    "relax-spectro sanity recording.wav -o results"};

/// The command line as typed, before names become values.
struct Request {
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  cli::ExplainChoice explanation;
  std::uint64_t shuffle_seed = 0;
  std::size_t shuffles = 5;
  std::string figure = "png";
  std::size_t cascade = 1;
  std::string command_line;
};

/// The model as it is, with more and more of its layers shuffled, the last that runs first, and
/// with all of them shuffled, once or more.
class Models {
 public:
  explicit Models(const Request& request) : request_(&request) {
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

  /// Has each model embed the recording that scores compare with.
  void embed_reference(const std::filesystem::path& path, std::optional<double> hop_s) {
    const Audio audio = request_->talk.read(path, request_->input.audio.options);
    for (SanityModel& one : models_) {
      one.reference = mean_embedding(*one.engine, audio, {hop_s, Tail::cover});
    }
  }
  [[nodiscard]] std::span<const SanityModel> all() const { return models_; }
  [[nodiscard]] const Model& model() const { return *loaded_.front().model; }
  /// The first whose layers are all shuffled.
  [[nodiscard]] const Model& shuffled() const {
    const auto whole = std::ranges::find(models_, true, &SanityModel::all_layers);
    return *loaded_[static_cast<std::size_t>(whole - models_.begin())].model;
  }
  [[nodiscard]] const SourceFile& file() const { return loaded_.front().file; }

 private:
  void add(const std::optional<WeightShuffle>& shuffle) {
    cli::ModelChoice choice = request_->model;
    choice.options.shuffle = shuffle;
    loaded_.push_back(choice.load(request_->talk));
    engines_.push_back(std::make_unique<Engine>(*loaded_.back().model, request_->engine.read()));
    models_.push_back(
        {engines_.back().get(), shuffle ? shuffle->layers.value_or(0) : 0, false, std::nullopt});
  }

  const Request* request_;
  std::vector<cli::LoadedModel> loaded_;
  std::vector<std::unique_ptr<Engine>> engines_;
  std::vector<SanityModel> models_;
};

std::string cascade_text(const SanityCheck& check) {
  if (check.stages.empty()) return "";
  std::string text = "; correlation with the last layers shuffled:";
  for (const ShuffledMap& stage : check.stages) {
    const std::optional<double>& rank = stage.to_model.spearman;
    text += fmt::format(" {} {}", stage.layers, rank ? fmt::format("{:.2f}", *rank) : "constant");
  }
  return text;
}

void check_file(const std::filesystem::path& file, const std::filesystem::path& stem,
                const Models& models, const ExplainOptions& options, SanitySource source,
                const Request& request) {
  const cli::Stopwatch stopwatch;
  const Overwrite overwrite = request.output.overwrite();
  const bool drawn = request.figure != "none";
  for (const std::string& ending : {std::string("npz"), std::string("json"), request.figure}) {
    if (ending != "none") refuse_existing(stem.string() + "." + ending, overwrite);
  }
  const Audio audio = read_audio(file, request.input.audio.options);
  source.provenance.input = source_file(file);
  source.provenance.input_sample_rate_hz = audio.sample_rate_hz;
  source.provenance.input_duration_s = audio.duration_s();
  SanityCheck check;
  {
    cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
    check = check_sanity(models.all(), audio, options,
                         [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  for (const std::string& warning : check.warnings) request.talk.warn(file, warning);
  source.provenance.seconds = stopwatch.seconds();
  const std::string shown = stem.string() + "." + (drawn ? request.figure : "npz");
  std::optional<OutputFile> figure;
  if (drawn) {
    figure.emplace(shown, overwrite);
    draw_figure(figure->temporary_path(),
                sanity_figure(check, source.shuffle_seed, file.filename().string()));
  }
  write_sanity(stem, check, options, models.model().card(), source, overwrite,
               figure ? &*figure : nullptr);
  fmt::print("{}: {}{}\n", shown, verdict_of(check), cascade_text(check));
}

int run(const Request& request) {
  const ExplainOptions options = request.explanation.read();
  const std::vector<std::string> stems = unique_stems(request.input.files);
  Models models(request);
  SanitySource source;
  source.provenance.command_line = request.command_line;
  source.provenance.input_channel = request.input.audio.options.channel;
  source.provenance.model = models.file();
  source.provenance.model_options = request.model.options;
  source.provenance.runtime = models.model().runtime();
  source.shuffled_runtime = models.shuffled().runtime();
  source.shuffle_seed = request.shuffle_seed;
  source.layers = models.model().layers();
  if (const auto& reference = request.explanation.reference()) {
    source.provenance.reference = source_file(*reference);
    models.embed_reference(*reference, options.hop_s);
  }
  return cli::for_each_input(request.input.files, [&](std::size_t i) {
    check_file(request.input.files[i], request.output.path / (stems[i] + ".sanity"), models,
               options, source, request);
  });
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  request.command_line = cli::command_line(argc, argv);
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    request.input.declare(app);
    request.output.declare(app, "Folder for the results");
    request.model.declare(app);
    app.add_option("--shuffles", request.shuffles,
                   "Shuffle all weights so many times: one shuffle says little")
        ->capture_default_str()
        ->type_name("N")
        ->transform(cli::whole_number(1, 1000));
    app.add_option("--cascade", request.cascade,
                   "Shuffle layers in so many stages, too, from the last that runs to all of them")
        ->capture_default_str()
        ->type_name("N")
        ->transform(cli::whole_number(1, 1000));
    app.add_option("--shuffle-seed", request.shuffle_seed,
                   "Seed of the first shuffle; the next ones have the next seeds")
        ->capture_default_str()
        ->transform(cli::whole_number());
    request.explanation.declare_masks(app);
    request.explanation.declare_map(app);
    cli::declare_figure(app, request.figure);
    request.model.declare_device(app);
    request.engine.declare(app);
    request.talk.declare(app);
    return [&request] { return run(request); };
  });
}
