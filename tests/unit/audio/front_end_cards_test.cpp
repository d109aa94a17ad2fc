// Compares the cards of models/front-ends with the libraries that they imitate.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "files/npz.hpp"
#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/model/model_card.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

const std::filesystem::path kSource = RELAX_SPECTRO_SOURCE;

/// From tests/front_ends/make_front_ends.
NumericArray written(const std::string& name) {
  return read_npy(kSource / "tests/front_ends" / (name + ".npy"));
}

/// The card of the library, with what the name says of the window's own level.
FrontEndConfig config_of(const std::string& name) {
  const std::string library = name.substr(0, name.find('_'));
  FrontEndConfig config =
      read_model_card(kSource / "models/front-ends" / (library + ".json")).front_end;
  if (name == "librosa_deviation") config.normalisation_window = WindowNorm::mean_deviation;
  if (name == "librosa_largest") config.normalisation_window = WindowNorm::largest;
  if (name == "librosa_largest") config.log_range = 30.0;
  if (name == "torchaudio_range") config.log_range = 40.0;
  return config;
}

}  // namespace

TEST_CASE("the cards of front ends give what their libraries give") {
  const std::string name = GENERATE("librosa", "librosa_largest", "librosa_deviation", "torchaudio",
                                    "torchaudio_range", "panns", "essentia", "whisper");
  const FrontEndConfig config = config_of(name);
  const NumericArray signal = written("signal");
  Audio audio{{}, config.sample_rate_hz};
  for (const double sample : signal.values) audio.samples.push_back(static_cast<float>(sample));
  const NumericArray expected = written(name);
  const std::size_t frames = expected.shape[1];
  const Spectrogram spectrogram = FrontEnd(config)(audio, frames);
  REQUIRE(spectrogram.values.columns == frames);
  const Array2d<float> values = network_window(spectrogram, {0, frames}).values;
  REQUIRE(values.rows == expected.shape[0]);
  // The effect of a factor e. Deviations of several factors e are stricter than that.
  const double factor_e = config.log_scale / std::log(10.0) / config.normalisation_divide;
  double largest = 0.0;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const double difference = static_cast<double>(values.values[i]) - expected.values[i];
    largest = std::max(largest, std::abs(difference) / factor_e);
  }
  INFO(name << ": largest error " << largest);
  // Essentia's transform uses single precision.
  CHECK(largest <= (name == "essentia" ? 3e-4 : 1e-4));
}
