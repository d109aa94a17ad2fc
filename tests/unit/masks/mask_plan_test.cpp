#include "relax_spectro/masks/mask_plan.hpp"

#include <cmath>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/masks/mask_design.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("the masks that an error takes are the known numbers") {
  const ErrorBound bound{.error = 0.025, .miss_probability = 0.05};
  CHECK(masks_for_error(bound, 1.0, 1) == 2952);         // as quoted, for terms in [0, 1]
  CHECK(masks_for_error(bound, 0.5, 1) == 11805);        // four times 2951.1, for terms in [0, 2]
  CHECK(masks_for_error(bound, 0.5, 96 * 64) == 39719);  // in all bins at once
}

TEST_CASE("masks grow with the inverse square of the error and of the keep probability") {
  // ln(2 / 0.01) / 2 is 2.64916.
  CHECK(masks_for_error({1.0, 0.01}, 1.0, 1) == 3);
  CHECK(masks_for_error({0.1, 0.01}, 1.0, 1) == 265);
  CHECK(masks_for_error({0.1, 0.01}, 0.2, 1) == 6623);
  CHECK(masks_for_error({0.1, 0.05}, 1.0, 5) == masks_for_error({0.1, 0.01}, 1.0, 1));
}

TEST_CASE("a number of masks that no run has ends at the most that is planned") {
  CHECK(masks_for_error({1e-12, 0.05}, 0.5, 1) == kMostPlannedMasks);
  CHECK(forecast_masks(1000, 1e12, 0.1) == kMostPlannedMasks);
}

TEST_CASE("bounds outside their range are refused with the value") {
  CHECK_THROWS_AS(masks_for_error({0.0, 0.05}, 0.5, 1), ConfigError);
  CHECK_THROWS_WITH(masks_for_error({1.5, 0.05}, 0.5, 1), Catch::Contains("an error of 1.5"));
  CHECK_THROWS_WITH(masks_for_error({NAN, 0.05}, 0.5, 1), Catch::Contains("an error of nan"));
  CHECK_THROWS_WITH(masks_for_error({0.1, 1.0}, 0.5, 1), Catch::Contains("a probability of 1 "));
  CHECK_THROWS_WITH(masks_for_error({0.1, 0.05}, 0.0, 1), Catch::Contains("a keep probability"));
  CHECK_THROWS_WITH(masks_for_error({0.1, 0.05}, 0.5, 0), Catch::Contains("not for 0"));
  CHECK_THROWS_WITH(forecast_masks(1000, 0.3, 0.0), Catch::Contains("a tolerance of 0"));
}

TEST_CASE("the forecast is N (h / tolerance)^2, rounded up") {
  CHECK(forecast_masks(1024, 0.30, 0.15) == 4096);
  CHECK(forecast_masks(1000, 0.15, 0.30) == 250);
  CHECK(forecast_masks(1000, 0.1, 0.3) == 112);  // 111.1
}

TEST_CASE("no forecast is too few to tell a map from its noise") {
  CHECK(forecast_masks(1000, 0.001, 0.3) == kFewestMasksForNoise);
  CHECK(forecast_masks(1000, 0.0, 0.3) == kFewestMasksForNoise);
}
