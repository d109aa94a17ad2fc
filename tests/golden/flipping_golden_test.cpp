#include "relax_spectro/flipping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

#include "golden/mobilenet.hpp"
#include "golden/shared_data.hpp"
#include "relax_spectro/npz.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

/// Note [Ties in Quantus]
/// Quantus sorts with numpy.argsort, whose order of equal values is that of its sorting algorithm;
/// the recorded map has 1008 different values in 64 128 bins. This tool takes equal bins by their
/// index. To compare all else exactly, the map is given numpy's order here: ranks, without ties.
Array2d<double> ranks_as_numpy_sorts(const test::TemporaryFolder& folder) {
  const std::string order_path = (folder / "order.npy").string();
  const std::string command = "python3 -c \"import numpy; a = numpy.load('" +
                              test::shared_file("data/peers/dog_occlusion.npz").string() +
                              "')['window16_stride8'].astype(float).ravel(); numpy.save('" +
                              order_path + "', numpy.argsort(-a / abs(a).max()).astype(float))\"";
  REQUIRE(std::system(command.c_str()) == 0);
  const NumericArray order = read_npy(order_path);
  Array2d<double> ranks(128, 501);
  for (std::size_t rank = 0; rank < order.values.size(); ++rank) {
    ranks.values[static_cast<std::size_t>(order.values[rank])] = -static_cast<double>(rank);
  }
  return ranks;
}

RecordingWindows golden_recording() {
  RecordingWindows recording;
  recording.spectrogram.values = test::golden_window();
  recording.windows = {{0, recording.spectrogram.values.columns}};
  return recording;
}

FlipOptions quantus_options(std::size_t step_size, const std::string& fill) {
  FlipOptions options;
  options.protocol = FlipProtocol::quantus;
  options.unit = FlipUnit::bins;
  options.step_size = step_size;
  options.fill = parse_fill(fill);
  return options;
}

}  // namespace

TEST_CASE("the protocol quantus is Quantus' PixelFlipping", "[flipping]") {
  const auto [name, step_size, fill] = GENERATE(table<std::string, std::size_t, std::string>(
      {{"mean_501", 501, "mean"}, {"black_501", 501, "min"}, {"mean_4008", 4008, "mean"}}));
  const test::TemporaryFolder folder;
  const auto expected = read_npz(test::shared_file("data/peers/dog_quantus.npz"),
                                 {"curve_" + name, "auc_" + name, "target"});
  const std::unique_ptr<Model> model = test::load_logits_model(folder);
  FlipOptions options = quantus_options(step_size, fill);
  options.score = parse_score(fmt::format("prob:{:.0f}", expected.at("target").values.front()));
  Engine engine(*model, test::batches_of(16));
  const Flipping flipping = flip(engine, golden_recording(), ranks_as_numpy_sorts(folder), options);
  const std::vector<double>& curve = expected.at("curve_" + name).values;
  const std::vector<double>& found = flipping.curve("quantus").scores.values;
  REQUIRE(found.size() == curve.size());
  const double error = test::largest_difference(found, curve) / test::range_of(curve);
  const double auc = expected.at("auc_" + name).values.front();
  const double auc_error = std::abs(flipping.curve("quantus").auc[0] / auc - 1.0);
  fmt::print("{:<10} {:>3} steps: curve to {:.2e} of its range, AUC {:.6f} to {:.2e}\n", name,
             curve.size(), error, flipping.curve("quantus").auc[0], auc_error);
  CHECK(error <= 1e-4);
  CHECK(auc_error <= 1e-4);
}
