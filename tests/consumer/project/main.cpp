// Explains a recording: example MODEL RECORDING STEM

#include <algorithm>
#include <exception>
#include <iostream>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/render/explanation_figure.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"

using namespace relax_spectro;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  try {
    const auto model = load_model(argv[1], ModelOptions{});  // a TorchScript file is code
    Engine engine(*model);

    Result result;
    result.card = engine.card();
    result.options.masks.count = 512;
    result.options.masks.grid = {7, 7};  // frequency x time
    result.options.fill = parse_fill("silence");
    result.provenance.input = source_file(argv[2]);
    result.provenance.model = source_file(argv[1]);
    result.options.masks.recording = result.provenance.input.sha256;  // masks of its own

    const Audio audio = read_audio(argv[2]);
    result.provenance.input_sample_rate_hz = audio.sample_rate_hz;
    result.provenance.input_duration_s = audio.duration_s();
    result.explanation = explain(engine, audio, result.options);
    round_maps(result.explanation);  // to what the noise allows: small files
    for (const auto& warning : result.explanation.warnings) std::cerr << warning << "\n";

    const Array2d<double>& map = result.explanation.contrast;  // [frequency, time]
    const auto peak = std::ranges::max_element(map.values) - map.values.begin();
    const Spectrogram& axes = result.explanation.spectrogram;
    std::cout << "most important at " << axes.time_s[peak % map.columns] << " s, "
              << axes.frequency_hz[peak / map.columns] << " Hz\n";

    draw_figure(std::string(argv[3]) + ".png", explanation_figure(result));
    write_result(argv[3], result, Overwrite::no);  // STEM.npz, STEM.json
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
