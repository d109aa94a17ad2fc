#include "evaluation/complexity.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("the Gini index and the entropy of a small map are those computed by hand") {
  // Sorted 1, 2, 3, 4 of 10: (-3*1 - 1*2 + 1*3 + 3*4) / (4*10) = 0.25.
  const auto complexity = complexity_of(std::vector<double>{3.0, 1.0, 4.0, 2.0});
  REQUIRE(complexity.has_value());
  CHECK(complexity->sparseness == Approx(0.25).margin(1e-6));
  const double by_hand =
      -(0.1 * std::log(0.1) + 0.2 * std::log(0.2) + 0.3 * std::log(0.3) + 0.4 * std::log(0.4));
  CHECK(complexity->entropy.value() == Approx(by_hand).margin(1e-9));
  CHECK(complexity->effective_complexity == 4);
}

TEST_CASE("a constant map is as complex as can be") {
  const auto complexity = complexity_of(std::vector<double>(50, -2.0));
  REQUIRE(complexity.has_value());
  CHECK(complexity->sparseness == Approx(0.0).margin(1e-9));
  CHECK(complexity->entropy.value() == Approx(std::log(50.0)));
  CHECK(complexity->effective_complexity == 50);
}

TEST_CASE("a map of one bin is as simple as can be") {
  std::vector<double> map(100, 0.0);
  map[17] = 5.0;
  const auto complexity = complexity_of(map);
  REQUIRE(complexity.has_value());
  CHECK(complexity->sparseness == Approx(0.99).margin(1e-4));
  CHECK(complexity->entropy.value() == Approx(0.0).margin(1e-9));
  CHECK(complexity->effective_complexity == 1);
}

TEST_CASE("values count as effective from 1e-5 of the largest on, whatever their sign and unit") {
  for (const double unit : {1.0, 1e-6, 1e6}) {
    const std::vector<double> map{unit, -0.5 * unit, 2e-5 * unit, -0.5e-5 * unit, 0.0};
    CHECK(complexity_of(map)->effective_complexity == 3);
  }
}

TEST_CASE("a map of zeros has no entropy, and a map of no bins no complexity") {
  const auto zeros = complexity_of(std::vector<double>(4, 0.0));
  REQUIRE(zeros.has_value());
  CHECK(zeros->sparseness == Approx(0.0).margin(1e-9));
  CHECK_FALSE(zeros->entropy.has_value());
  CHECK(zeros->effective_complexity == 0);
  CHECK_FALSE(complexity_of({}).has_value());
  CHECK_FALSE(complexity_of(std::vector<double>(3, NAN)).has_value());
}

TEST_CASE("the complexity of bins without a value is that of the others") {
  const auto whole = complexity_of(std::vector<double>{3.0, 1.0, 2.0});
  const auto holed = complexity_of(
      std::vector<double>{NAN, 3.0, std::numeric_limits<double>::infinity(), 1.0, 2.0});
  CHECK(holed->sparseness == whole->sparseness);
  CHECK(holed->entropy == whole->entropy);
  CHECK(holed->effective_complexity == whole->effective_complexity);
}
