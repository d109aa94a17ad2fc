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

}  // namespace

TEST_CASE("the cards of front ends give what their libraries give") {
  const std::string name = GENERATE("librosa", "torchaudio", "panns", "essentia");
  const FrontEndConfig config =
      read_model_card(kSource / "models/front-ends" / (name + ".json")).front_end;
  const NumericArray signal = written("signal");
  Audio audio{{}, config.sample_rate_hz};
  for (const double sample : signal.values) audio.samples.push_back(static_cast<float>(sample));
  const Array2d<float> values = FrontEnd(config)(audio).values;
  const NumericArray expected = written(name);
  REQUIRE(values.rows == expected.shape[0]);
  REQUIRE(values.columns == expected.shape[1]);
  const double factor_e = config.log_scale / std::log(10.0);  // the effect of a factor e
  double largest = 0.0;
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    const double difference = static_cast<double>(values.values[i]) - expected.values[i];
    largest = std::max(largest, std::abs(difference) / factor_e);
  }
  INFO(name << ": largest error " << largest);
  // Essentia's transform uses single precision.
  CHECK(largest <= (name == "essentia" ? 3e-4 : 1e-4));
}
