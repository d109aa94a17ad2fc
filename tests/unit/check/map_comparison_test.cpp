#include "check/map_comparison.hpp"

#include <cmath>
#include <limits>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"

using namespace relax_spectro;
using test::flat_map;
using test::raise;
using test::with_noise;

namespace {

/// A map whose contrast is far above its noise: a hill and a ridge.
ComparedMap resolved_map() {
  ComparedMap map = flat_map();
  raise(map.contrast, 5, 10, 10, 12.0);
  raise(map.contrast, 20, 0, 15, 5.0);
  return map;
}

/// A recording of identical windows, with their noise.
ComparedMap repeated(const ComparedMap& window, std::size_t windows) {
  ComparedMap map = window;
  map.windows = windows;
  for (Array2d<double>* array : {&map.importance, &map.contrast, &map.contrast_error}) {
    const Array2d<double> one = *array;
    *array = Array2d<double>(one.rows, windows * one.columns);
    for (std::size_t row = 0; row < one.rows; ++row) {
      for (std::size_t t = 0; t < array->columns; ++t) (*array)(row, t) = one(row, t % one.columns);
    }
  }
  for (std::size_t t = map.time_s.size(); t < map.contrast.columns; ++t) {
    map.time_s.push_back(0.1 * static_cast<double>(t));
  }
  return map;
}

}  // namespace

TEST_CASE("a map is unchanged from itself") {
  const ComparedMap map = resolved_map();
  const MapComparison comparison = compare_maps(map, map, {});
  CHECK(*comparison.correlation.value == Approx(1.0));
  CHECK(*comparison.standard_errors.value == 0.0);
  CHECK(*comparison.shift_s.value == 0.0);
  CHECK(*comparison.shift_hz.value == 0.0);
  CHECK(comparison.unchanged());
}

TEST_CASE("the largest difference is told in standard errors of the difference, and where") {
  const ComparedMap before = resolved_map();
  ComparedMap now = before;
  now.contrast(30, 4) -= 9.0;
  now.contrast_error(30, 4) = 2.0;
  const MapComparison comparison = compare_maps(before, now, {});
  CHECK(*comparison.standard_errors.value == Approx(9.0 / std::sqrt(1.0 + 4.0)));
  CHECK(comparison.row == 30);
  CHECK(comparison.column == 4);
  CHECK(comparison.difference(30, 4) == Approx(-9.0 / std::sqrt(5.0)));
  CHECK(comparison.difference(0, 0) == 0.0);
}

TEST_CASE("how far the largest difference may go grows with cells and falls with blocks") {
  const auto limit = [](std::size_t cells, std::size_t degrees, double false_alarms = 0.01) {
    ComparedMap map = resolved_map();
    map.cells = cells;
    map.degrees_of_freedom = degrees;
    ComparisonLimits limits;
    limits.false_alarms = false_alarms;
    return *compare_maps(map, map, limits).standard_errors.limit;
  };
  CHECK(limit(490, 15) > limit(49, 15) + 0.5);
  CHECK(limit(49, 7) > limit(49, 15) + 0.5);
  CHECK(limit(49, 15, 1e-4) > limit(49, 15) + 0.5);
  // With many blocks, Student's t is normal. For the 8 values of one cell, the two-sided 0.25 % / 8
  // point of the normal distribution is 3.605, and a fifth is added.
  CHECK(limit(1, 1'000'000) == Approx(1.2 * 3.605).margin(0.01));
}

TEST_CASE("maps that differ by their noise alone pass, but for as many as are said to fail") {
  const ComparedMap truth = resolved_map();
  const std::size_t windows = GENERATE(1, 6);
  int failed = 0;
  ComparisonLimits limits;
  limits.false_alarms = 0.05;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const MapComparison comparison =
        compare_maps(repeated(with_noise(truth, 2 * seed), windows),
                     repeated(with_noise(truth, 2 * seed + 1), windows), limits);
    failed += comparison.unchanged() ? 0 : 1;
  }
  CHECK(failed <= 20);  // 10 are expected; 20 or more have a probability of 0.3 %
}

TEST_CASE("a map whose hill has gone elsewhere fails in every measure") {
  ComparedMap before = flat_map();
  raise(before.contrast, 5, 5, 5, 60.0);
  ComparedMap now = flat_map();
  raise(now.contrast, 25, 20, 5, 60.0);
  const MapComparison comparison =
      compare_maps(with_noise(before, 1), with_noise(now, 2), ComparisonLimits{});
  CHECK_FALSE(comparison.correlates());
  CHECK_FALSE(comparison.differs_at_most());
  CHECK_FALSE(comparison.stays_in_time());
  CHECK_FALSE(comparison.stays_in_frequency());
}

TEST_CASE("the centre of the positive contrast is told in seconds and Hertz") {
  ComparedMap before = flat_map();
  raise(before.contrast, 5, 5, 5, 20.0);
  raise(before.contrast, 30, 30, 5, -20.0);  // negative contrast has no weight
  ComparedMap now = flat_map();
  raise(now.contrast, 7, 15, 5, 20.0);
  const MapComparison comparison = compare_maps(before, now, {});
  CHECK(*comparison.shift_s.value == Approx(1.0));
  CHECK(*comparison.shift_hz.value == Approx(200.0));
}

TEST_CASE("a map without positive contrast has no centre") {
  const MapComparison comparison = compare_maps(flat_map(), resolved_map(), {});
  CHECK_FALSE(comparison.shift_s.value.has_value());
  CHECK(comparison.stays_in_time());
  CHECK_FALSE(comparison.differs_at_most());
}

TEST_CASE("maps that are not above their noise are not judged by their correlation") {
  const MapComparison comparison =
      compare_maps(with_noise(flat_map(), 1), with_noise(flat_map(), 2), {});
  CHECK(*comparison.correlation.value < 0.5);
  CHECK_FALSE(comparison.correlation.limit.has_value());
  CHECK(comparison.unchanged());
}

TEST_CASE("maps of three cells or fewer are not judged by their correlation") {
  ComparedMap map = resolved_map();
  map.cells = 3;
  CHECK_FALSE(compare_maps(map, map, {}).correlation.limit.has_value());
  map.cells = 4;
  CHECK(compare_maps(map, map, {}).correlation.limit.has_value());
}

TEST_CASE("the noisier the maps, the less they have to correlate") {
  ComparedMap quiet = resolved_map();
  for (double& error : quiet.contrast_error.values) error = 0.1;
  const double of_quiet = *compare_maps(quiet, quiet, {}).correlation.limit;
  const double of_noisy = *compare_maps(resolved_map(), resolved_map(), {}).correlation.limit;
  CHECK(of_quiet == 0.99);
  CHECK(of_noisy < 0.97);
  CHECK(of_noisy > 0.7);
}

TEST_CASE("maps of sweeps, in which nothing is random, may differ by rounding alone") {
  ComparedMap before = resolved_map();
  for (double& error : before.contrast_error.values) error = 0.0;
  before.degrees_of_freedom = 0;
  before.cells = 0;
  ComparedMap now = before;
  now.contrast(3, 3) += 1e-6;
  CHECK(compare_maps(before, now, {}).unchanged());
  CHECK_FALSE(compare_maps(before, now, {}).standard_errors.value.has_value());
  raise(now.contrast, 5, 10, 10, -6.0);
  CHECK_FALSE(compare_maps(before, now, {}).unchanged());
}

TEST_CASE("a model that is constant but for rounding has not changed") {
  ComparedMap before = flat_map();
  for (double& value : before.importance.values) value = 1.0;
  for (double& error : before.contrast_error.values) error = 0.0;
  ComparedMap now = before;
  now.contrast(3, 3) = 1e-9;
  CHECK(*compare_maps(before, now, {}).standard_errors.value < 0.1);
}

TEST_CASE("bins without a value in one of the maps are left out of the largest difference") {
  const ComparedMap before = resolved_map();
  ComparedMap now = before;
  now.contrast(2, 2) = std::numeric_limits<double>::quiet_NaN();
  now.contrast(8, 8) += 2.0;
  const MapComparison comparison = compare_maps(before, now, {});
  CHECK(comparison.row == 8);
  CHECK(std::isnan(comparison.difference(2, 2)));
}

TEST_CASE("limits that are given take the place of those of the noise") {
  const ComparedMap before = resolved_map();
  ComparedMap now = before;
  now.contrast(8, 8) += 2.0;
  ComparisonLimits limits;
  CHECK(compare_maps(before, now, limits).unchanged());
  limits.most_standard_errors = 1.0;
  CHECK_FALSE(compare_maps(before, now, limits).differs_at_most());
  limits.least_correlation = 0.9999;
  CHECK_FALSE(compare_maps(before, now, limits).correlates());
  limits.most_shift_s = 0.0;
  CHECK_FALSE(compare_maps(before, now, limits).stays_in_time());
  limits.most_shift_hz = 0.0;
  CHECK_FALSE(compare_maps(before, now, limits).stays_in_frequency());
}

TEST_CASE("limits outside their range, and maps of different shapes, are refused") {
  const ComparedMap map = resolved_map();
  const auto refuses = [&map](auto change, const char* expected) {
    ComparisonLimits limits;
    change(limits);
    CHECK_THROWS_WITH(compare_maps(map, map, limits), expected);
  };
  refuses([](auto& limits) { limits.least_correlation = 1.5; },
          "--min-correlation is 1.5; expected -1 to 1");
  refuses([](auto& limits) { limits.most_standard_errors = -1.0; },
          "--max-difference is -1; expected 0 or more");
  refuses([](auto& limits) { limits.false_alarms = 0.0; },
          "--false-alarms is 0; expected more than 0 and less than 1");
  CHECK_THROWS_AS(compare_maps(map, flat_map(7, 8), {}), ConfigError);
}
