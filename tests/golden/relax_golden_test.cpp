#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "golden/golden_case.hpp"
#include "golden/mobilenet.hpp"
#include "golden/shared_data.hpp"
#include "masks/mask_file.hpp"
#include "occlusion/occlusion.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "saliency/estimators.hpp"
#include "support/catch.hpp"
#include "support/front_ends.hpp"
#include "support/largest_difference.hpp"
#include "support/run_model.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using test::shared_file;

namespace {

void report_difference(const std::string& what, double error) {
  fmt::print("{:<44} {:.2e}\n", what, error);
}

/// The package's recursion in double, on complete masks.
struct Restatement {
  std::vector<double> importance;
  std::vector<double> uncertainty;
};

Restatement restate(const MaskLaw& law, const MaskDesign& design,
                    const std::vector<double>& scores) {
  const std::size_t bins = law.bins().rows * law.bins().columns;
  Restatement maps{std::vector<double>(bins), std::vector<double>(bins)};
  std::vector<double> weight(bins);
  std::vector<float> mask(bins);
  for (std::size_t n = 0; n < scores.size(); ++n) {
    expand_mask(law, design.mask(n), mask);
    for (std::size_t i = 0; i < bins; ++i) {
      const auto m = static_cast<double>(mask[i]);
      weight[i] += m;
      if (weight[i] == 0.0) continue;
      const double before = maps.importance[i];
      maps.importance[i] += m * (scores[n] - before) / weight[i];
      maps.uncertainty[i] += m * (scores[n] - before) * (scores[n] - maps.importance[i]);
    }
  }
  return maps;
}

}  // namespace

TEST_CASE("the published RELAX package's masks, scores and maps are ours", "[relax]") {
  const std::string golden_case = GENERATE("small", "dog");
  if (!test::is_there(golden_case)) return;
  const test::TemporaryFolder folder;
  const auto peer_path = test::golden_file(golden_case, "relax");
  const std::map<std::string, NumericArray> peer = read_npz(peer_path);
  auto [window, model] = test::load_golden_case(golden_case, folder);
  OccludedWindow occluded{std::move(window), {}};
  occluded.fill = make_fill({}, occluded.window, 0.0F, 0);
  const Shape2d bins{occluded.window.rows, occluded.window.columns};

  MaskList list = read_mask_file(peer_path);
  const MaskLaw law = random_mask_law(bins, list.grid);
  const std::size_t count = list.masks.size();
  const ListedDesign design(std::move(list.masks));
  const Score score({}, model->card(), test::outputs_of(*model, occluded.window));
  const std::vector<double> scores =
      test::scores_with(*model, occluded, law, design, {0, count}, score);
  const double score_error = test::largest_difference(scores, peer.at("scores").values);
  report_difference("scores, largest difference", score_error);
  CHECK(score_error <= 1e-5);

  const Saliency saliency =
      mask_sum_saliency({{law, design, {0, count}}, scores}, UncertaintyScale::unnormalised);
  const auto compare = [&](const std::string& name, const std::vector<double>& ours,
                           const std::vector<double>& theirs, double tolerance) {
    const double error = test::largest_difference(ours, theirs) / test::range_of(theirs);
    report_difference(name + ", of the map's range", error);
    CHECK(error <= tolerance);
  };
  compare("importance against the package", saliency.importance.values,
          peer.at("importance").values, 1e-3);
  compare("uncertainty against the package", saliency.uncertainty.values,
          peer.at("uncertainty_unnormalised").values, 1e-3);

  const Restatement restated = restate(law, design, scores);
  compare("importance against a double restatement", saliency.importance.values,
          restated.importance, 1e-6);
  compare("uncertainty against a double restatement", saliency.uncertainty.values,
          restated.uncertainty, 1e-6);

  // U-RELAX is a step at the median. Bins may differ if their uncertainty is close to it.
  const Array2d<double> kept = u_relax(saliency);
  std::size_t unlike = 0;
  for (std::size_t i = 0; i < kept.values.size(); ++i) {
    unlike += (kept.values[i] == 0.0) != (peer.at("u_relax").values[i] == 0.0) ? 1U : 0U;
  }
  report_difference("U-RELAX bins kept otherwise, part of all",
                    static_cast<double>(unlike) / static_cast<double>(kept.values.size()));
  CHECK(static_cast<double>(unlike) / static_cast<double>(kept.values.size()) <= 1e-3);
}

TEST_CASE("the pretrained MobileNetV3's logits come out of the wav as recorded", "[import]") {
  const test::TemporaryFolder folder;
  const std::unique_ptr<Model> model = test::load_logits_model(folder);
  const std::string clip = GENERATE("dog", "rooster", "rain", "sneeze", "chainsaw", "dog_silence");
  const NumericArray expected =
      read_npy(shared_file("data/reference/" + clip + "_mn04_logits.npy"));
  const Spectrogram spectrogram = FrontEnd(model->card().front_end)(
      read_audio(shared_file("data/reference/" + clip + "_32k.wav")));
  const ModelOutputs outputs = test::outputs_of(*model, spectrogram.values);
  const std::vector<double> logits(outputs.embedding.values.begin(),
                                   outputs.embedding.values.end());
  REQUIRE(logits.size() == expected.values.size());
  const double error = test::largest_difference(logits, expected.values);
  report_difference(clip + " logits, largest difference", error);
  CHECK(error <= 1e-4);
}
