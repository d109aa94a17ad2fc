#include "occlusion/embed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "occlusion/perturbation.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "results/embedding_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "embed",
    "Computes the embedding and the class scores of every window of recordings. Writes them as\n"
    "CSV, or as arrays (.npz, with a .json beside it).",
    "relax-spectro embed *.wav -o embeddings.npz"};

struct Request {
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output;
  cli::TalkOptions talk;
  WindowOptions windows;
  bool drop_tail = false;
  std::optional<std::string> perturb;
  std::string fill = to_string(Fill{});
  std::size_t seed = 0;

  void declare(cli::CommandLine& line) {
    input.declare(line);
    model.declare(line);
    line.group(cli::HelpGroup::measured);
    line.option("--hop", &windows.hop_s, "Time from one window to the next, in seconds")
        .type_name("S")
        .default_text("the model's");
    line.flag("--drop-tail", &drop_tail, "Leave out what follows the last whole window");
    line.option("--perturb", &perturb,
                "Add changed copies of each recording: gain:-6dB,noise:20dB ...")
        .type_name("CHANGE,...")
        .default_text("none");
    line.option("--fill", &fill, "What replaces the input where --perturb masks it")
        .type_name("FILL")
        .needs("--perturb")
        .rare();
    line.option("--seed", &seed, "Seed of the noise and the masks of --perturb")
        .whole_number()
        .needs("--perturb")
        .rare();
    output.declare(line, "Table to write: .csv or .npz");
    line.at("--output").default_text("CSV on stdout");
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

/// A recording and its changed copies.
std::vector<FileEmbeddings> embed_all(Engine& engine, const std::filesystem::path& file,
                                      const Audio& audio, const Request& request,
                                      const std::vector<Perturbation>& perturbations) {
  std::vector<FileEmbeddings> rows{{file, embed(engine, audio, request.windows)}};
  if (perturbations.empty()) return rows;
  const Fill fill = parse_fill(request.fill);
  const PerturbationSeed seed{request.seed, sha256_of_file(file)};
  for (const Perturbation& one : perturbations) {
    for (std::size_t copy = 0; copy < one.copies; ++copy) {
      rows.push_back({file, embed_perturbed(engine, audio, request.windows, one, fill, seed, copy),
                      one.name, copy});
    }
  }
  return rows;
}

int run(Request& request) {
  const std::filesystem::path& path = request.output.path;
  if (!path.empty()) check_embeddings_path(path, request.output.overwrite());
  request.windows.tail = request.drop_tail ? Tail::drop : Tail::cover;
  const auto perturbations =
      request.perturb ? parse_perturbations(*request.perturb) : std::vector<Perturbation>();
  const EngineOptions engine_options = request.engine.read();
  const cli::LoadedModel model = request.model.load(request.talk);
  Engine engine(*model.model, engine_options);
  std::vector<FileEmbeddings> done;
  const int code = cli::for_each_input(request.input.files, [&](std::size_t i) {
    const std::filesystem::path& file = request.input.files[i];
    const Audio audio = read_audio(file, request.input.audio.options);
    std::vector<FileEmbeddings> rows = embed_all(engine, file, audio, request, perturbations);
    for (const auto& warning : rows.front().rows.warnings) request.talk.warn(file, warning);
    std::ranges::move(rows, std::back_inserter(done));
  });
  if (done.empty()) return code;
  if (path.empty()) {
    cli::print("{}", embeddings_csv(done, engine.card()));
  } else {
    write_embeddings(path, done, {engine.card(), model.file, model.probe},
                     request.output.overwrite());
    cli::print("{}\n", path.string());
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
