#include "evaluation/map_similarity.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Array2d<double> map_of(std::size_t rows, std::size_t columns, std::vector<double> values) {
  Array2d<double> map(rows, columns);
  map.values = std::move(values);
  return map;
}

}  // namespace

TEST_CASE("correlations of two maps are those worked out by hand") {
  // Deviations (-2, -1, 0, 3) and (-1, 1, -3, 3): sum of products 10, of squares 14 and 20.
  const auto a = map_of(2, 2, {1, 2, 3, 6});
  const auto b = map_of(2, 2, {3, 5, 1, 7});
  CHECK(*map_similarity(a, b).pearson == Approx(10.0 / std::sqrt(14.0 * 20.0)));
  // Ranks 0 1 2 3 and 1 2 0 3: squared differences 1, 1, 4, 0; 1 - 6 * 6 / (4 * 15).
  CHECK(*map_similarity(a, b).spearman == Approx(0.4));
}

TEST_CASE("equal values share their mean rank") {
  // Ranks 0.5 0.5 2 3 and 0 1 2.5 2.5: sum of products of deviations 4, of squares 4.5 each.
  const auto a = map_of(1, 4, {1, 1, 2, 5});
  const auto b = map_of(1, 4, {0, 1, 9, 9});
  CHECK(*map_similarity(a, b).spearman == Approx(4.0 / 4.5));
}

TEST_CASE("a map is like itself, unlike its negative, and its scale does not matter") {
  const auto a = map_of(2, 3, {0.1, -0.4, 0.3, 0.9, 0.2, -0.7});
  auto scaled = a;
  for (double& value : scaled.values) value = 1e6 - 3e-3 * value;
  CHECK(*map_similarity(a, a).pearson == Approx(1.0));
  CHECK(*map_similarity(a, a).spearman == Approx(1.0));
  CHECK(*map_similarity(a, scaled).pearson == Approx(-1.0));
  CHECK(*map_similarity(a, scaled).spearman == Approx(-1.0));
}

TEST_CASE("ranks follow any rising function of the values, values only a line") {
  const auto a = map_of(1, 5, {1, 2, 3, 4, 5});
  const auto b = map_of(1, 5, {1, 10, 100, 1000, 10000});
  CHECK(*map_similarity(a, b).spearman == Approx(1.0));
  CHECK(*map_similarity(a, b).pearson < 0.8);
}

TEST_CASE("bins that are NaN in either map are left out of both") {
  const auto a = map_of(1, 6, {1, kNan, 2, 3, 100, 6});
  const auto b = map_of(1, 6, {3, -50, 5, 1, kNan, 7});
  CHECK(*map_similarity(a, b).pearson == Approx(10.0 / std::sqrt(14.0 * 20.0)));
  CHECK(*map_similarity(a, b).spearman == Approx(0.4));
}

TEST_CASE("a constant map is like nothing, and nothing can be said of it") {
  const auto a = map_of(1, 3, {1, 2, 3});
  for (const auto& flat : {map_of(1, 3, {2, 2, 2}), map_of(1, 3, {kNan, 2, 2}),
                           map_of(1, 3, {kNan, kNan, 2}), map_of(1, 3, {kNan, kNan, kNan})}) {
    CHECK_FALSE(map_similarity(a, flat).pearson);
    CHECK_FALSE(map_similarity(flat, a).spearman);
  }
}

TEST_CASE("maps of different shapes are not compared") {
  CHECK_THROWS_AS(map_similarity(map_of(1, 4, {1, 2, 3, 4}), map_of(2, 2, {1, 2, 3, 4})),
                  ConfigError);
}
