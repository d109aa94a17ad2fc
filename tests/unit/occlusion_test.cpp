#include "relax_spectro/occlusion.hpp"

#include <cmath>
#include <vector>

#include "relax_spectro/error.hpp"
#include "relax_spectro/fill.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"

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
  const Score score({}, model.card(), model.forward(occluded.window.values, 1, 20));
  const std::vector<double> scores =
      occlusion_scores(model, occluded, law, design, {0, 50}, score, 8);
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

TEST_CASE("batches of any size, and any part of the masks, give the same scores") {
  test::RectangleModel model(kRectangle);
  const OccludedWindow occluded = ramp(FillKind::zero);
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const IndependentDesign design(law, 1, 0.5);
  const Score score({}, model.card(), model.forward(occluded.window.values, 1, 20));
  const auto scores_with = [&](std::size_t batch_size, MaskRange range) {
    return occlusion_scores(model, occluded, law, design, range, score, batch_size);
  };
  const std::vector<double> all = scores_with(64, {0, 100});
  CHECK(scores_with(1, {0, 100}) == all);
  CHECK(scores_with(7, {0, 100}) == all);
  CHECK(scores_with(16, {40, 60}) == std::vector<double>(all.begin() + 40, all.begin() + 60));
  CHECK(model.largest_batch() == 64);
}

TEST_CASE("progress counts every mask once") {
  test::ConstantModel model;
  const OccludedWindow occluded = ramp(FillKind::zero);
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const Score score({}, model.card(), model.forward(occluded.window.values, 1, 20));
  std::vector<std::size_t> seen;
  static_cast<void>(occlusion_scores(model, occluded, law, IndependentDesign(law, 0, 0.5), {0, 20},
                                     score, 8, [&](std::size_t done) { seen.push_back(done); }));
  CHECK(seen == std::vector<std::size_t>{8, 16, 20});
}

TEST_CASE("no batch, and more masks than there are, are refused") {
  test::ConstantModel model;
  const OccludedWindow occluded = ramp(FillKind::zero);
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const Score score({}, model.card(), model.forward(occluded.window.values, 1, 20));
  const ListedDesign one({{std::vector<std::uint8_t>(16, 1), {0, 0}}});
  CHECK_THROWS_AS(occlusion_scores(model, occluded, law, one, {0, 1}, score, 0), ConfigError);
  CHECK_THROWS_AS(occlusion_scores(model, occluded, law, one, {0, 2}, score, 4), ConfigError);
}
