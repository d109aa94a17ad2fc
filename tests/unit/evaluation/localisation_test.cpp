#include "evaluation/localisation.hpp"

#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Map = std::vector<double>;
using Inside = std::vector<std::uint8_t>;

/// The area under the ROC curve by its definition, pair by pair.
double auc_by_pairs(const Map& map, const Inside& inside) {
  double won = 0.0;
  double pairs = 0.0;
  for (std::size_t i = 0; i < map.size(); ++i) {
    for (std::size_t j = 0; j < map.size(); ++j) {
      if (inside[i] == 0 || inside[j] != 0) continue;
      pairs += 1.0;
      won += map[i] > map[j] ? 1.0 : map[i] == map[j] ? 0.5 : 0.0;
    }
  }
  return won / pairs;
}

}  // namespace

TEST_CASE("a map that is the events themselves scores 1 throughout") {
  const Inside inside{0, 1, 1, 0, 0, 1, 0, 0};
  const auto result = localise(Map(inside.begin(), inside.end()), inside);
  REQUIRE(result.has_value());
  CHECK(result->bins == 8);
  CHECK(result->bins_inside == 3);
  CHECK(result->top_k == 3);
  CHECK(result->pointing_game);
  CHECK(result->relevance_mass_accuracy == 1.0);
  CHECK(result->relevance_rank_accuracy == 1.0);
  CHECK(result->top_k_intersection == 1.0);
  CHECK(result->auc == 1.0);
  CHECK(result->attribution_localisation == Approx(1.0));
}

TEST_CASE("a map that is everything but the events scores 0 throughout") {
  const auto result = localise(Map{1, 0, 0, 1, 1, 0, 1, 1}, Inside{0, 1, 1, 0, 0, 1, 0, 0});
  REQUIRE(result.has_value());
  CHECK_FALSE(result->pointing_game);
  CHECK(result->relevance_mass_accuracy == 0.0);
  CHECK(result->relevance_rank_accuracy == 0.0);
  CHECK(result->top_k_intersection == 0.0);
  CHECK(result->auc == 0.0);
  CHECK(result->attribution_localisation == 0.0);
}

TEST_CASE("a constant map knows nothing: mass is the share inside, the area a half") {
  const auto result = localise(Map(8, 0.3), Inside{0, 0, 1, 1, 0, 0, 0, 0});
  REQUIRE(result.has_value());
  CHECK(result->relevance_mass_accuracy.value() == Approx(0.25));
  CHECK(result->auc.value() == Approx(0.5));
  CHECK(result->attribution_localisation == Approx(0.25));
  CHECK(result->pointing_game);                   // one of the largest lies inside
  CHECK(result->relevance_rank_accuracy == 0.0);  // among equal values, the first ones come first
}

TEST_CASE("equal values are ranked by their index, and any largest counts for the pointing game") {
  const Map map{2, 2, 1, 2, 0};
  const auto early = localise(map, Inside{1, 1, 0, 0, 0});
  CHECK(early->pointing_game);
  CHECK(early->relevance_rank_accuracy == 1.0);
  CHECK(early->auc.value() == Approx((2 * 2 + 2 * 0.5) / 6.0));
  const auto late = localise(map, Inside{0, 0, 1, 1, 0});
  CHECK(late->pointing_game);
  CHECK(late->relevance_rank_accuracy == 0.0);
}

TEST_CASE("the area under the ROC curve is the share of pairs in order, ties by half") {
  std::mt19937 random(7);
  for (int round = 0; round < 20; ++round) {
    Map map;
    Inside inside;
    for (int i = 0; i < 60; ++i) {
      map.push_back(static_cast<double>(random() % 9) - 4.0);
      inside.push_back(random() % 3 == 0 ? 1 : 0);
    }
    CHECK(localise(map, inside)->auc.value() == Approx(auc_by_pairs(map, inside)).epsilon(1e-12));
  }
}

TEST_CASE("the top-k intersection is the share of the k largest values that lie inside") {
  const Map map{9, 8, 7, 6, 5, 4};
  const Inside inside{1, 0, 1, 1, 0, 0};
  const auto with = [&](std::size_t top_k) { return localise(map, inside, {top_k}).value(); };
  CHECK(with(1).top_k_intersection == 1.0);
  CHECK(with(2).top_k_intersection == 0.5);
  CHECK(with(4).top_k_intersection == 0.75);
  CHECK(with(100).top_k_intersection == 0.5);  // limited to the existing bins
  CHECK(with(100).top_k == 6);
  CHECK(localise(map, inside)->top_k_intersection ==
        localise(map, inside)->relevance_rank_accuracy);
}

TEST_CASE("negative values take away from the mass, or count as 0, or by their magnitude") {
  const Map map{4, -2, 2, -1};
  const Inside inside{1, 1, 0, 0};
  CHECK(localise(map, inside)->relevance_mass_accuracy.value() == Approx(2.0 / 3.0));
  const auto positive = localise(map, inside, {{}, RelevanceMass::positive_values});
  CHECK(positive->relevance_mass_accuracy.value() == Approx(4.0 / 6.0));
  CHECK(positive->attribution_localisation == Approx(6.0 / 9.0));
  CHECK(positive->auc == localise(map, inside)->auc);
}

TEST_CASE("a map of zeros has no mass to be accurate") {
  const auto result = localise(Map(4, 0.0), Inside{1, 0, 0, 0});
  REQUIRE(result.has_value());
  CHECK_FALSE(result->relevance_mass_accuracy.has_value());
  CHECK(result->attribution_localisation == 0.0);
}

TEST_CASE("without a bin inside there is nothing to say, without one outside no area") {
  CHECK_FALSE(localise(Map{1, 2}, Inside{0, 0}).has_value());
  CHECK_FALSE(localise(Map{1, kNaN}, Inside{0, 1}).has_value());
  CHECK_FALSE(localise({}, {}).has_value());
  const auto everywhere = localise(Map{1, 2}, Inside{1, 1});
  REQUIRE(everywhere.has_value());
  CHECK_FALSE(everywhere->auc.has_value());
  CHECK(everywhere->relevance_mass_accuracy == 1.0);
}

TEST_CASE("bins without a value are left out, inside and outside") {
  const auto whole = localise(Map{3, 1, 2, 5}, Inside{1, 0, 1, 0});
  const auto holed = localise(Map{kNaN, 3, 1, kNaN, 2, 5}, Inside{1, 1, 0, 0, 1, 0});
  CHECK(holed->bins == 4);
  CHECK(holed->bins_inside == 2);
  CHECK(holed->pointing_game == whole->pointing_game);
  CHECK(holed->relevance_mass_accuracy == whole->relevance_mass_accuracy);
  CHECK(holed->relevance_rank_accuracy == whole->relevance_rank_accuracy);
  CHECK(holed->auc == whole->auc);
}

TEST_CASE("maps and events of different sizes, and no bins to look at, are refused") {
  CHECK_THROWS_AS(localise(Map{1, 2, 3}, Inside{0, 1}), ConfigError);
  CHECK_THROWS_WITH(localise(Map{1, 2, 3}, Inside{0, 1}),
                    Catch::Contains("3 bins") && Catch::Contains("over 2"));
  CHECK_THROWS_WITH(localise(Map{1, 2}, Inside{0, 1}, {0}), Catch::Contains("top_k is 0"));
}
