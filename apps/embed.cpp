#include "occlusion/embed.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
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

  void declare(cli::CommandLine& line) {
    input.declare(line);
    model.declare(line);
    line.group(cli::HelpGroup::measured);
    line.option("--hop", &windows.hop_s, "Time from one window to the next, in seconds")
        .type_name("S")
        .default_text("the model's");
    line.flag("--drop-tail", &drop_tail, "Leave out what follows the last whole window");
    output.declare(line, "Table to write: .csv or .npz");
    line.at("--output").default_text("CSV on stdout");
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

int run(Request& request) {
  const std::filesystem::path& path = request.output.path;
  if (!path.empty()) check_embeddings_path(path, request.output.overwrite());
  request.windows.tail = request.drop_tail ? Tail::drop : Tail::cover;
  const EngineOptions engine_options = request.engine.read();
  const cli::LoadedModel model = request.model.load(request.talk);
  Engine engine(*model.model, engine_options);
  std::vector<FileEmbeddings> done;
  const int code = cli::for_each_input(request.input.files, [&](std::size_t i) {
    const std::filesystem::path& file = request.input.files[i];
    const Audio audio = read_audio(file, request.input.audio.options);
    done.push_back({file, embed(engine, audio, request.windows)});
    for (const auto& warning : done.back().rows.warnings) request.talk.warn(file, warning);
  });
  if (done.empty()) return code;
  if (path.empty()) {
    cli::print("{}", embeddings_csv(done, engine.card()));
  } else {
    write_embeddings(path, done, {engine.card(), model.file.path, model.file.sha256},
                     request.output.overwrite());
    cli::print("{}\n", path.string());
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
