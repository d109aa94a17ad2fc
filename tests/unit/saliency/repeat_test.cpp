#include "saliency/estimators.hpp"

#include <cmath>
#include <vector>

#include "masks/mask_law.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Masks that alternately keep the left and the right half.
ListedDesign halves(std::size_t count) {
  std::vector<Mask> masks;
  for (std::size_t n = 0; n < count; ++n) {
    masks.push_back(n % 2 == 0 ? Mask{{1, 0}, {0, 1}} : Mask{{0, 1}, {0, 1}});
  }
  return ListedDesign(masks);
}

MaskLaw two_bins() { return random_mask_law({1, 2}, {1, 2}); }

}  // namespace

TEST_CASE("a bin that is salient in every replicate is certainly so") {
  const MaskLaw law = two_bins();
  const std::vector<double> scores{0.8, 0.2, 0.8, 0.2, 0.8, 0.2, 0.8, 0.2};
  const RepeatMaps maps = repeat_maps({{law, halves(8), {0, 8}}, scores}, {4, ThresholdKind::mean});
  CHECK(maps.probability(0, 0) == Approx(1.0));
  CHECK(maps.uncertainty(0, 0) == Approx(0.0).margin(1e-12));
  CHECK(maps.probability(0, 1) == 0.0);
  CHECK(maps.uncertainty(0, 1) == 0.0);
}

TEST_CASE("a bin that is salient in half of the replicates is as uncertain as can be") {
  const MaskLaw law = two_bins();
  const std::vector<double> scores{0.8, 0.2, 0.1, 0.5, 0.8, 0.2, 0.1, 0.5};
  const RepeatMaps maps = repeat_maps({{law, halves(8), {0, 8}}, scores}, {4, ThresholdKind::mean});
  for (std::size_t bin = 0; bin < 2; ++bin) {
    CHECK(maps.probability(0, bin) == Approx(0.5));
    CHECK(maps.uncertainty(0, bin) == Approx(0.25));
  }
}

TEST_CASE("maps without a positive value are shifted: the best bin still counts as one") {
  const MaskLaw law = two_bins();
  const std::vector<double> scores{-1.0, -3.0, -1.0, -3.0};
  const RepeatMaps maps = repeat_maps({{law, halves(4), {0, 4}}, scores}, {2, ThresholdKind::mean});
  CHECK(maps.probability(0, 0) == Approx(1.0));
  CHECK(maps.probability(0, 1) == 0.0);
}

TEST_CASE("replicates of less than two masks, or less than two of them, are refused") {
  const MaskLaw law = two_bins();
  const std::vector<double> scores(6, 0.5);
  CHECK_THROWS_WITH(repeat_maps({{law, halves(6), {0, 6}}, scores}, {4, ThresholdKind::mean}),
                    "--repeat 4: 6 masks are too few; expected 2 or more a replicate");
  CHECK_THROWS_AS(repeat_maps({{law, halves(6), {0, 6}}, scores}, {1, ThresholdKind::mean}),
                  ConfigError);
}
