#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "model/architecture.hpp"
#include "model/class_names.hpp"
#include "model/import_model.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/source_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "import",
    "Makes a model from published weights, without Python. The weights are a file of\n"
    "torch.save or safetensors; no code in it is run. The new model contains its card.\n"
    "See --list for the architectures.",
    "relax-spectro import --architecture efficientat-mn --weights mn04_as_mAP_432.pt -o mn04.pt"};

struct Request {
  ImportRequest import;
  cli::OutputOptions output;
  cli::TalkOptions talk;
  std::string card;
  std::string labels;
  std::string sha256;
  bool list = false;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("--architecture", &import.architecture, "Architecture of the network")
        .type_name("NAME");
    line.option("--weights", &import.weights, "Files of weights: state dicts or checkpoints")
        .type_name("FILE");
    line.option("--labels", &labels, "Names of the classes: one a line, or AudioSet's CSV")
        .type_name("FILE");
    line.option("--sha256", &sha256, "Refuse a first file of weights with another SHA-256")
        .type_name("HEX");
    line.flag("--list", &list, "List the architectures and where their weights are published");
    line.option("--card", &card, "Model card to use instead of the architecture's own")
        .type_name("FILE")
        .rare();
    line.option("--key", &import.key, "State dict to take from a checkpoint with several")
        .type_name("NAME")
        .default_text("the largest")
        .rare();
    line.option("--prefix", &import.prefix, "Prefix of the network's tensors")
        .type_name("PREFIX")
        .default_text("the one that fits")
        .rare();
    output.declare(line, "Model to write, a .pt");
    talk.declare_quiet(line);
  }
};

void list_architectures() {
  for (const Architecture& architecture : architectures()) {
    cli::print("{}\n  {}\n  {}\n", architecture.name, architecture.description,
               architecture.weights);
  }
}

std::string left_out_text(const ImportRequest& request, const ImportedModel& made) {
  constexpr std::size_t kMost = 3;
  const std::size_t count = made.left_out.size();
  const std::vector<std::string> shown(
      made.left_out.begin(),
      made.left_out.begin() + static_cast<std::ptrdiff_t>(std::min(count, kMost)));
  return fmt::format("{}: used the network{}, and left out {} other tensor{}: {}{}",
                     request.weights.front().string(),
                     made.prefix.empty() ? "" : fmt::format(" under '{}'", made.prefix), count,
                     count == 1 ? "" : "s", fmt::join(shown, ", "), count > kMost ? ", …" : "");
}

int run(Request& request) {
  if (request.list) {
    list_architectures();
    return cli::kSuccess;
  }
  if (request.import.architecture.empty() || request.import.weights.empty() ||
      request.output.path.empty()) {
    throw ConfigError("expected --architecture, --weights and --output, or --list");
  }
  if (!request.sha256.empty()) require_sha256(request.import.weights.front(), request.sha256);
  if (!request.card.empty()) request.import.card = read_model_card(request.card);
  if (!request.labels.empty()) request.import.labels = read_class_names(request.labels);
  const ImportedModel made =
      import_model(request.import, request.output.path, request.output.overwrite());
  if (!made.left_out.empty()) cli::say(left_out_text(request.import, made));
  cli::print("{}\n", request.output.path.string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
