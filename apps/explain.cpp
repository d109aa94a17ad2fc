#include "relax_spectro/explain.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/embed.hpp"
#include "relax_spectro/explanation_figure.hpp"
#include "relax_spectro/output_names.hpp"
#include "relax_spectro/result_file.hpp"

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
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  ExplainOptions options;
  cli::MaskChoice masks;
  std::string fill{to_string(options.fill)};
  std::string score{to_string(options.score)};
  std::optional<std::string> estimator;
  std::string uncertainty{to_string(options.uncertainty)};
  std::optional<std::filesystem::path> masks_file;
  std::optional<std::filesystem::path> reference;
  std::string figure = "png";
  std::string command_line;

  void declare_masks(CLI::App& app) {
    masks.declare(app);
    app.add_option("--masks-file", masks_file,
                   "Take the masks from this .npz (cell_bits, shift) instead of drawing them")
        ->type_name("FILE");
    app.add_option(
           "--fill", fill,
           "What stands where a mask hides the input: zero (as the RELAX package; not silence "
           "in a log-mel), silence, min, mean, band-mean, constant:VALUE, noise, blur[:BINS]")
        ->capture_default_str();
  }

  void declare_map(CLI::App& app) {
    app.add_option(
           "--score", score,
           "What is measured: cosine (of the embeddings, RELAX), dot, l2, logit:CLASS, "
           "prob:CLASS, or top (the logit of the class that the whole input scores highest)")
        ->capture_default_str();
    app.add_option("--reference", reference,
                   "Compare with this recording's mean embedding: why is one like the other")
        ->type_name("FILE");
    app.add_option(
        "--estimator", estimator,
        "regression (the least noise), mask-sum (the RELAX package), or expected (as the "
        "paper prints it: needs far more masks) [regression where the masks allow it]");
    app.add_option("--uncertainty", uncertainty,
                   "variance, or unnormalised (the RELAX package: variance times sum of masks)")
        ->capture_default_str();
    app.add_option("--hop", options.hop_s, "Seconds from window to window [the card's]");
    app.add_option("--figure", figure, "Figure: png, svg, pdf or none")
        ->capture_default_str()
        ->check(CLI::IsMember({"png", "svg", "pdf", "none"}));
  }

  void read_names() {
    options.masks = masks.read();
    if (masks_file) options.masks.listed = read_mask_file(*masks_file);
    options.fill = parse_fill(fill);
    options.score = parse_score(score);
    if (estimator) options.estimator = parse_estimator(*estimator);
    options.uncertainty = parse_uncertainty_scale(uncertainty);
    options.validate();
  }
};

/// One recording's results, all under one name.
struct ResultPaths {
  std::filesystem::path stem;
  std::string figure_format;

  [[nodiscard]] std::filesystem::path with(const std::string& ending) const {
    return stem.string() + "." + ending;
  }
  [[nodiscard]] bool has_figure() const { return figure_format != "none"; }

  void refuse_existing(Overwrite overwrite) const {
    relax_spectro::refuse_existing(with("npz"), overwrite);
    relax_spectro::refuse_existing(with("json"), overwrite);
    if (has_figure()) relax_spectro::refuse_existing(with(figure_format), overwrite);
  }
};

/// Writes all files of a result; the figure takes its place only when the others have.
void write_files(const ResultPaths& paths, const Explanation& explanation, const Request& request,
                 const ModelCard& card, const Provenance& provenance) {
  const Overwrite overwrite = request.output.overwrite();
  std::optional<OutputFile> figure;
  if (paths.has_figure()) {
    figure.emplace(paths.with(paths.figure_format), overwrite);
    draw_figure(figure->temporary_path(),
                explanation_figure(explanation, request.options, card,
                                   provenance.input_path.filename().string()));
  }
  write_result(paths.stem, explanation, request.options, card, provenance, overwrite);
  if (figure) figure->commit();
}

void explain_file(const std::filesystem::path& file, const ResultPaths& paths, Engine& engine,
                  const Request& request, const cli::LoadedModel& model) {
  const auto start = std::chrono::steady_clock::now();
  paths.refuse_existing(request.output.overwrite());
  const Audio audio = read_audio(file, request.input.channel);
  Explanation explanation;
  {
    cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
    explanation = explain(engine, audio, request.options,
                          [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  for (const std::string& warning : explanation.warnings) request.talk.warn(file, warning);

  Provenance provenance;
  provenance.command_line = request.command_line;
  provenance.input_path = file;
  provenance.input_sha256 = sha256_of_file(file);
  provenance.input_sample_rate_hz = audio.sample_rate_hz;
  provenance.input_duration_s = audio.duration_s();
  provenance.input_channel = request.input.channel;
  provenance.masks_file = request.masks_file;
  provenance.reference_path = request.reference;
  provenance.model_options = request.model.options;
  provenance.model_path = request.model.path();
  provenance.model_sha256 = model.sha256;
  provenance.runtime = model.model->runtime();
  provenance.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  write_files(paths, explanation, request, engine.card(), provenance);
  fmt::print("{}\n", paths.with(paths.has_figure() ? paths.figure_format : "npz").string());
}

/// The mean embedding of a recording's windows.
ModelOutputs embed_reference(Engine& engine, const std::filesystem::path& file,
                             const Request& request) {
  const Embeddings rows =
      embed(engine, read_audio(file, request.input.channel), {request.options.hop_s, Tail::cover});
  ModelOutputs outputs{Array2d<float>(1, rows.embedding.columns), Array2d<float>(1, 0)};
  for (std::size_t i = 0; i < rows.embedding.columns; ++i) {
    double sum = 0.0;
    for (std::size_t w = 0; w < rows.embedding.rows; ++w) {
      sum += static_cast<double>(rows.embedding(w, i));
    }
    outputs.embedding(0, i) = static_cast<float>(sum / static_cast<double>(rows.embedding.rows));
  }
  return outputs;
}

int run(Request& request) {
  request.read_names();
  const std::vector<std::string> stems = unique_stems(request.input.files);
  const EngineOptions engine_options = request.engine.read();
  const cli::LoadedModel model = request.model.load(request.talk);
  Engine engine(*model.model, engine_options);
  if (request.reference) {
    request.options.reference = embed_reference(engine, *request.reference, request);
    request.options.validate();
  }
  return cli::for_each_input(request.input.files, [&](std::size_t i) {
    explain_file(request.input.files[i], {request.output.path / stems[i], request.figure}, engine,
                 request, model);
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
    request.declare_masks(app);
    request.declare_map(app);
    request.model.declare_device(app);
    request.engine.declare(app);
    request.talk.declare(app);
    return [&request] { return run(request); };
  });
}
