#include "evaluation/flipping.hpp"

#include <fmt/format.h>

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "files/npz.hpp"
#include "golden/golden_case.hpp"
#include "support/catch.hpp"
#include "support/largest_difference.hpp"
#include "support/run_model.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

/// Note [Ties in Quantus]
/// Quantus sorts with numpy.argsort. Its order of equal values depends on numpy's version and the
/// processor's vector instructions. The recorded map has only 1008 different values in 64 128 bins.
/// This tool orders equal bins by index. To compare everything else exactly, the test replaces the
/// map by its ranks in numpy's order, which have no ties. It tries the order of several kinds of
/// processors, because one of them made the recording.
constexpr std::array kWithoutVectors{"", "X86_V4 AVX512_ICL AVX512_SPR",
                                     "X86_V3 X86_V4 AVX512_ICL AVX512_SPR"};

/// Nothing if numpy is too old for this sort.
std::optional<Array2d<double>> ranks_as_numpy_sorts(const test::TemporaryFolder& folder,
                                                    const std::string& without_vectors) {
  constexpr int kOld = 77;
  const std::string order_path = (folder / "order.npy").string();
  const std::string command = fmt::format(
      "NPY_DISABLE_CPU_FEATURES='{}' '{}' -c \"import numpy, sys; "
      "numpy.__version__ < '2' and sys.exit({}); "
      "a = numpy.load('{}')['window16_stride8'].astype(float).ravel(); "
      "numpy.save('{}', numpy.argsort(-a / abs(a).max()).astype(float))\"",
      without_vectors, RELAX_SPECTRO_PYTHON, kOld,
      test::shared_file("data/peers/dog_occlusion.npz").string(), order_path);
  const int status = std::system(command.c_str());
  if (WEXITSTATUS(status) == kOld) return std::nullopt;
  REQUIRE(status == 0);
  const NumericArray order = read_npy(order_path);
  Array2d<double> ranks(128, 501);
  for (std::size_t rank = 0; rank < order.values.size(); ++rank) {
    ranks.values[static_cast<std::size_t>(order.values[rank])] = -static_cast<double>(rank);
  }
  return ranks;
}

/// The orders that Quantus may have taken: see Note [Ties in Quantus]. The small case has no ties.
/// None where numpy is too old.
std::vector<Array2d<double>> orders_of(const std::string& golden_case,
                                       const test::TemporaryFolder& folder) {
  if (golden_case == "small") {
    const NumericArray attribution =
        read_npz(test::golden_file("small", "quantus"), {"attribution"}).at("attribution");
    Array2d<double> order(attribution.shape[0], attribution.shape[1]);
    order.values = attribution.values;
    return {order};
  }
  std::vector<Array2d<double>> orders;
  for (const char* without_vectors : kWithoutVectors) {
    if (const auto ranks = ranks_as_numpy_sorts(folder, without_vectors)) orders.push_back(*ranks);
  }
  return orders;
}

RecordingWindows recording_of(const Array2d<float>& window) {
  RecordingWindows recording;
  recording.spectrogram.values = window;
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
  const auto [golden_case, name, step_size, fill] =
      GENERATE(table<std::string, std::string, std::size_t, std::string>(
          {{"small", "mean_8", 8, "mean"},
           {"small", "black_8", 8, "min"},
           {"small", "mean_20", 20, "mean"},
           {"dog", "mean_501", 501, "mean"},
           {"dog", "black_501", 501, "min"},
           {"dog", "mean_4008", 4008, "mean"}}));
  if (!test::is_there(golden_case)) return;
  const test::TemporaryFolder folder;
  const auto expected = read_npz(test::golden_file(golden_case, "quantus"),
                                 {"curve_" + name, "auc_" + name, "target"});
  const auto [window, model] = test::load_golden_case(golden_case, folder);
  FlipOptions options = quantus_options(step_size, fill);
  options.score = parse_score(fmt::format("prob:{:.0f}", expected.at("target").values.front()));
  Engine engine(*model, test::batches_of(16));
  const std::vector<double>& curve = expected.at("curve_" + name).values;
  const double auc = expected.at("auc_" + name).values.front();
  double error = std::numeric_limits<double>::infinity();
  double auc_error = error;
  const std::vector<Array2d<double>> orders = orders_of(golden_case, folder);
  if (orders.empty()) {
    WARN("skipped: no numpy 2 here; scripts/benchmarks/bench.py installs one");
    return;
  }
  for (const Array2d<double>& order : orders) {
    const Flipping flipping = flip(engine, recording_of(window), order, options);
    const std::vector<double>& found = flipping.curve("quantus").scores.values;
    REQUIRE(found.size() == curve.size());
    const double this_error = test::largest_difference(found, curve) / test::range_of(curve);
    if (this_error >= error) continue;
    error = this_error;
    auc_error = std::abs(flipping.curve("quantus").auc[0] / auc - 1.0);
  }
  fmt::print("{:<10} {:>3} steps: curve to {:.2e} of its range, AUC {:.6f} to {:.2e}\n", name,
             curve.size(), error, auc, auc_error);
  CHECK(error <= 1e-4);
  CHECK(auc_error <= 1e-4);
}
