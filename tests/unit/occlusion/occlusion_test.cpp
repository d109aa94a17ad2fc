#include "occlusion/occlusion.hpp"

#include <cmath>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"

using namespace relax_spectro;

namespace {

constexpr test::Rectangle kRectangle{4, 8, 5, 10};

OccludedWindow ramp(FillKind fill) {
  OccludedWindow occluded;
  occluded.window = Array2d<float>(16, 20);
  for (std::size_t i = 0; i < occluded.window.values.size(); ++i) {
    occluded.window.values[i] = 1.0F + 0.01F * static_cast<float>(i);
  }
  occluded.fill = make_fill({fill}, occluded.window, -6.9F, 0);
  return occluded;
}

}  // namespace

TEST_CASE("a score is that of M x + (1 - M) b") {
  const FillKind fill = GENERATE(FillKind::zero, FillKind::silence);
  test::RectangleModel model(kRectangle);
  const OccludedWindow occluded = ramp(fill);
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const IndependentDesign design(law, 1, 0.5);
  const Score score({}, model.card(), test::outputs_of(model, occluded.window));
  const std::vector<double> scores =
      test::scores_with(model, occluded, law, design, {0, 50}, score, test::batches_of(8));
  REQUIRE(scores.size() == 50);
  for (std::size_t n = 0; n < 50; ++n) {
    std::vector<float> copy(16 * 20);
    expand_mask(law, design.mask(n), copy);
    for (std::size_t i = 0; i < copy.size(); ++i) {
      copy[i] = copy[i] * occluded.window.values[i] + (1.0F - copy[i]) * occluded.fill.values[i];
    }
    REQUIRE(scores[n] == Approx(score(model.forward(copy, 1, 20))[0]).epsilon(1e-6));
  }
}

TEST_CASE("a window takes its own level before its fill is made, and masks change no other bin") {
  Spectrogram spectrogram;
  spectrogram.values = Array2d<float>(1, 4);
  spectrogram.values.values = {-50.0F, -20.0F, -60.0F, -10.0F};
  spectrogram.silence = -100.0F;
  // In levels, which are ten times the values.
  spectrogram.levels = {300.0, WindowNorm::largest, 0.0, 10.0};
  const OccludedWindow occluded = occluded_window(spectrogram, {0, 4}, {FillKind::silence}, 0);
  CHECK(occluded.window.values == std::vector<float>{-30.0F, -10.0F, -30.0F, 0.0F});
  CHECK(occluded.fill.values == std::vector<float>(4, -30.0F));
  std::vector<float> mask{1.0F, 1.0F, 1.0F, 0.0F};
  occlude(occluded, mask);
  CHECK(mask == std::vector<float>{-30.0F, -10.0F, -30.0F, -30.0F});
}

TEST_CASE("any part of the masks gives the same scores") {
  test::RectangleModel model(kRectangle);
  const OccludedWindow occluded = ramp(FillKind::zero);
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const IndependentDesign design(law, 1, 0.5);
  const Score score({}, model.card(), test::outputs_of(model, occluded.window));
  const auto scores_of = [&](MaskRange range) {
    return test::scores_with(model, occluded, law, design, range, score);
  };
  const std::vector<double> all = scores_of({0, 100});
  CHECK(scores_of({40, 60}) == std::vector<double>(all.begin() + 40, all.begin() + 60));
}

TEST_CASE("more masks than there are, are refused") {
  test::ConstantModel model;
  const OccludedWindow occluded = ramp(FillKind::zero);
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const Score score({}, model.card(), test::outputs_of(model, occluded.window));
  const ListedDesign one({{std::vector<std::uint8_t>(16, 1), {0, 0}}});
  CHECK_THROWS_AS(test::scores_with(model, occluded, law, one, {0, 2}, score), ConfigError);
}
