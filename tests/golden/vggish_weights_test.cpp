#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "model/import_model.hpp"
#include "occlusion/embed.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

/// The files with the published weights, in the folder RELAX_SPECTRO_VGGISH_WEIGHTS.
std::vector<std::filesystem::path> published_weights(bool post_processing) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::getenv("RELAX_SPECTRO_VGGISH_WEIGHTS"))) {
    const std::string name = entry.path().filename().string();
    const bool is_pca = name.starts_with("vggish_pca_params-");
    if (name.starts_with("vggish-") || (is_pca && post_processing)) files.push_back(entry.path());
  }
  INFO("expected vggish-*.pth and vggish_pca_params-*.pth");
  REQUIRE(files.size() == (post_processing ? 2 : 1));
  return files;
}

/// Three seconds of 1 kHz, as in the published test.
Audio sine(int sample_rate_hz) {
  Audio audio;
  audio.sample_rate_hz = sample_rate_hz;
  const int count = 3 * sample_rate_hz;
  for (int i = 0; i < count; ++i) {
    const double time_s = static_cast<double>(i) / sample_rate_hz;
    audio.samples.push_back(static_cast<float>(std::sin(2.0 * std::numbers::pi * 1000.0 * time_s)));
  }
  return audio;
}

struct Known {
  const char* architecture;
  int sample_rate_hz;
  double mean;
  double standard_deviation;
};

}  // namespace

TEST_CASE("VGGish's published weights give the published numbers for a sine",
          "[.][vggish-weights]") {
  // From vggish_smoke_test.py of TensorFlow's models (no final ReLU) and of torchvggish (with it).
  const Known known =
      GENERATE(Known{"vggish-linear", 16000, 0.000657, 0.343},
               Known{"vggish-linear-pca", 16000, 126.0, 89.3}, Known{"vggish", 44100, 0.131, 0.238},
               Known{"vggish-pca", 44100, 123.0, 75.0});
  INFO(known.architecture);
  const test::TemporaryFolder folder;
  ImportRequest request;
  request.architecture = known.architecture;
  request.weights = published_weights(request.architecture.ends_with("pca"));
  import_model(request, folder / "vggish.pt", Overwrite::no);
  const std::unique_ptr<Model> model = load_model(folder / "vggish.pt");
  Engine engine(*model, test::batches_of(4));
  const Array2d<float> embedding =
      embed(engine, sine(known.sample_rate_hz), {std::nullopt, Tail::drop}).embedding;
  CHECK(embedding.rows == 3);
  double sum = 0.0;
  double squares = 0.0;
  for (const float value : embedding.values) {
    sum += value;
    squares += static_cast<double>(value) * value;
  }
  const auto count = static_cast<double>(embedding.values.size());
  const double mean = sum / count;
  CHECK(mean == Approx(known.mean).epsilon(0.1));
  CHECK(std::sqrt(squares / count - mean * mean) == Approx(known.standard_deviation).epsilon(0.1));
}
