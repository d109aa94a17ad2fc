#include "relax_spectro/audio/spectrogram.hpp"

#include <fmt/format.h>

#include <memory>
#include <span>
#include <string>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "files/npz.hpp"
#include "files/output_names.hpp"
#include "occlusion/recording_windows.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/render/explanation_figure.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "spectrogram",
    "Writes the input that a model sees: NAME.spectrogram.npz and a figure for each recording.\n"
    "Reads only the model's card, and loads only a network that takes the waveform.",
    "relax-spectro spectrogram recording.wav --model vggish-small -o results"};

struct Request {
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  std::string figure = "png";

  void declare(cli::CommandLine& line) {
    input.declare(line);
    model.declare(line);
    line.remove("--probe");  // a spectrogram has no classes
    output.declare(line, "Folder for the results");
    cli::declare_figure(line, figure);
    talk.declare_quiet(line);
  }
};

void write_arrays(const std::filesystem::path& path, const Spectrogram& spectrogram,
                  Overwrite overwrite) {
  OutputFile output(path, overwrite);
  NpzWriter writer;
  writer.add("spectrogram", {spectrogram.values.rows, spectrogram.values.columns},
             std::span<const float>(spectrogram.values.values));
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  writer.write(output.temporary_path());
  output.commit();
}

/// @param network  what computes the spectrogram; null: the card's front end
void convert(const std::filesystem::path& file, const std::filesystem::path& stem,
             const ModelCard& card, Model* network, const Request& request) {
  const std::filesystem::path arrays_path = stem.string() + ".spectrogram.npz";
  const std::filesystem::path figure_path = stem.string() + ".spectrogram." + request.figure;
  const bool has_figure = request.figure != "none";
  refuse_existing(arrays_path, request.output.overwrite());
  if (has_figure) refuse_existing(figure_path, request.output.overwrite());

  const Audio audio = request.talk.read(file, request.input.audio.options);
  const Spectrogram spectrogram = network != nullptr
                                      ? cut_recording(*network, audio, {}).spectrogram
                                      : FrontEnd(card.front_end)(audio);
  write_arrays(arrays_path, spectrogram, request.output.overwrite());
  if (has_figure) {
    OutputFile figure(figure_path, Overwrite::yes);
    draw_figure(figure.temporary_path(),
                spectrogram_figure(spectrogram, card, file.filename().string()));
    figure.commit();
  }
  cli::print("{}\n", arrays_path.string());
}

int run(const Request& request) {
  const std::vector<std::string> stems = unique_stems(request.input.files);
  ModelCard card = read_model_card(request.model.path());
  std::unique_ptr<Model> network;
  if (card.input.takes_waveform()) {
    network = request.model.load(request.talk).model;
    card = network->card();
  }
  return cli::for_each_input(request.input.files, [&](std::size_t i) {
    convert(request.input.files[i], request.output.path / stems[i], card, network.get(), request);
  });
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
