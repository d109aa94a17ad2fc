#include "relax_spectro/model/model.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/files/source_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "model",
    "Prints what a model takes and gives, its operators and its SHA-256; --json adds its card. Loads\n"
    "the model and tries it on probe windows. A model file is code, and loading it runs that code.\n"
    "With --sha256 no other file is loaded.",
    "relax-spectro model vggish-small"};

struct Request {
  cli::ModelChoice model;
  bool as_json = false;
  std::string sha256;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("MODEL", &model.name, "Name or file. A file is code: load only what you trust");
    model.declare_probe(line);
    line.option("--sha256", &sha256, "Refuse a file with another SHA-256").type_name("HEX");
    output.declare(line, "File to write, a .json");
    line.at("--output").default_text("text on stdout");
    line.flag("--json", &as_json, "Print JSON, with the whole card");
    model.declare_device(line);
    talk.declare_quiet(line);
  }
};

/// The sizes of what a model returned for one window.
struct Sizes {
  std::size_t embedding = 0;
  std::size_t class_scores = 0;
};

Sizes measure(Model& model) {
  const ModelCard& card = model.card();
  std::vector<float> window(card.front_end.bands * card.input.window_frames,
                            silence_level(card.front_end));
  const ModelOutputs outputs = model.forward(window, 1, card.input.window_frames);
  return {outputs.embedding.columns, outputs.class_scores.columns};
}

std::string number_or_none(std::size_t size) {
  return size == 0 ? "none" : fmt::format("{}", size);
}

/// "conv2d 8", ...: without the prefix of PyTorch's own operators.
std::vector<std::string> operators_text(const Model& model) {
  constexpr std::string_view kOwn = "aten::";
  std::vector<std::string> texts;
  for (const auto& [name, count] : model.operators()) {
    texts.push_back(
        fmt::format("{} {}", name.starts_with(kOwn) ? name.substr(kOwn.size()) : name, count));
  }
  return texts;
}

std::string network_text(const Model& model) {
  if (model.operators().empty()) return "layers        not known: the network is compiled\n";
  return fmt::format("layers        {} with weights, {} parameters\noperators     {}\n",
                     model.layers().size(), model.parameter_count(),
                     fmt::join(operators_text(model), ", "));
}

std::string text_of(const cli::LoadedModel& loaded, const Sizes& sizes) {
  const Model& model = *loaded.model;
  const auto& [path, sha256] = loaded.file;
  const ModelCard& card = model.card();
  const FrontEndConfig& front_end = card.front_end;
  const double frame_s = static_cast<double>(front_end.hop_samples) / front_end.sample_rate_hz;
  const auto seconds = [frame_s](std::size_t frames) {
    return fmt::format("{:.3f} s", static_cast<double>(frames) * frame_s);
  };
  std::string text = fmt::format("{}: {}\n", card.name, card.description);
  text +=
      fmt::format("file          {} ({} bytes)\n", path.string(), std::filesystem::file_size(path));
  text += fmt::format("sha256        {}{}\n", sha256, card.sha256 ? " (as its card says)" : "");
  text += fmt::format("licence       {}\n", card.licence);
  text += fmt::format("runs on       {}, relax-spectro {}\n", model.runtime(), version());
  if (card.input.takes_waveform()) {
    text += fmt::format("waveform      {} samples, cut at the tensor {}\n",
                        card.input.window_samples, card.input.spectrogram.value_or(""));
  }
  text +=
      fmt::format("takes         {} bands from {} Hz to {} Hz x {} frames ({}), at {} Hz\n",
                  front_end.bands, front_end.low_hz, front_end.high_hz, card.input.window_frames,
                  seconds(card.input.window_frames), front_end.sample_rate_hz);
  text += fmt::format("windows       one every {}{}{}\n", seconds(card.input.hop_frames),
                      card.input.variable_length ? "; shorter recordings at their own length" : "",
                      window_levels(front_end).change_windows() ? "; each by its own level" : "");
  text += card.input.takes_waveform()
              ? "front end     the network's own\n"
              : "front end     not checked against your code (scripts/export --front-end does)\n";
  text += fmt::format("silence       {:.6g}\n", silence_level(front_end));
  text += fmt::format("embedding     {}\n", number_or_none(sizes.embedding));
  text += network_text(model);
  text += fmt::format(
      "class scores  {}{}\n", number_or_none(sizes.class_scores),
      loaded.probe ? fmt::format(", by the probe {}", loaded.probe->path.string()) : "");
  for (std::size_t i = 0; i < card.labels.size(); ++i) {
    text += fmt::format("  {:>3}  {}\n", i, card.labels[i]);
  }
  return text;
}

std::string json_of(const cli::LoadedModel& loaded, const Sizes& sizes) {
  const Model& model = *loaded.model;
  nlohmann::ordered_json json{{"format", "relax-spectro model"},
                              {"tool_version", version()},
                              {"path", loaded.file.path.string()},
                              {"sha256", loaded.file.sha256},
                              {"runtime", model.runtime()},
                              {"embedding_size", sizes.embedding},
                              {"class_count", sizes.class_scores},
                              {"layers", model.layers()},
                              {"parameters", model.parameter_count()},
                              {"operators", model.operators()},
                              {"card", nlohmann::ordered_json::parse(to_json(model.card()))}};
  if (loaded.probe) {
    json["probe"] = {{"path", loaded.probe->path.string()}, {"sha256", loaded.probe->sha256}};
  }
  return json.dump(2) + "\n";
}

int run(const Request& request) {
  const std::filesystem::path& output = request.output.path;
  if (!output.empty()) {
    if (output.extension() != ".json") {
      throw ConfigError(fmt::format("{}: expected a name that ends in .json", output.string()));
    }
    refuse_existing(output, request.output.overwrite());
  }
  const std::filesystem::path path = request.model.path();
  if (!request.sha256.empty()) require_sha256(path, request.sha256);
  const cli::LoadedModel loaded = request.model.load(request.talk);
  const Sizes sizes = measure(*loaded.model);
  const bool as_json = request.as_json || !output.empty();
  const std::string text = (as_json ? json_of : text_of)(loaded, sizes);
  if (output.empty()) {
    cli::print("{}", text);
  } else {
    write_text_file(output, text, request.output.overwrite());
    cli::print("{}\n", output.string());
  }
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
