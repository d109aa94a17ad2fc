#include "base/multiple_tests.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("Holm's p values grow with the number of tests that remain") {
  const std::vector<double> adjusted = holm(std::vector{0.04, 0.01, 0.03, 0.5});
  CHECK(adjusted[1] == Approx(0.04));
  CHECK(adjusted[2] == Approx(0.09));
  CHECK(adjusted[0] == Approx(0.09));  // not less than that of a smaller p
  CHECK(adjusted[3] == Approx(0.5));
  CHECK(holm(std::vector{0.6, 0.7}) == std::vector{1.0, 1.0});
}

TEST_CASE("few units have all their sign flips") {
  // Four of the 16 flips of four units have as large a |t| in either column: all signs alike in the
  // first column, or in the second.
  Array2d<double> differences(4, 2);
  const std::vector<double> first{1.0, 2.0, 3.0, 4.0};
  for (std::size_t unit = 0; unit < 4; ++unit) {
    differences(unit, 0) = first[unit];
    differences(unit, 1) = unit % 2 == 0 ? first[unit] : -first[unit];
  }
  const SignFlipTest test = sign_flip_test(differences);
  CHECK(test.t[0] == Approx(2.5 / std::sqrt((30.0 / 4.0 - 6.25) / 3.0)));
  CHECK(test.p[0] == Approx(4.0 / 16.0));

  Array2d<double> exchanged = differences;
  for (double& value : exchanged.values) value = -value;
  CHECK(sign_flip_test(exchanged).p == test.p);
  CHECK(sign_flip_test(exchanged).t[1] == -test.t[1]);
  CHECK(sign_flip_test(Array2d<double>(5, 1)).p[0] == 1.0);
}

TEST_CASE("sign flips find an effect, and raise few false alarms in a family") {
  constexpr std::size_t kUnits = 20;
  constexpr std::size_t kTests = 8;
  constexpr int kRuns = 200;
  std::mt19937 generator(1);
  std::normal_distribution<double> noise;
  int false_alarms = 0;
  int found = 0;
  for (int run = 0; run < kRuns; ++run) {
    Array2d<double> differences(kUnits, kTests);
    for (std::size_t unit = 0; unit < kUnits; ++unit) {
      const double common = noise(generator);  // tests of one unit depend on each other
      for (std::size_t k = 0; k < kTests; ++k) differences(unit, k) = common + noise(generator);
      differences(unit, 0) += 2.0;
    }
    const std::vector<double> p = sign_flip_test(differences, static_cast<std::uint64_t>(run)).p;
    if (*std::min_element(p.begin() + 1, p.end()) <= 0.05) ++false_alarms;
    if (p[0] <= 0.05) ++found;
  }
  // Within three standard errors of 5 %.
  CHECK(false_alarms >= 1);
  CHECK(false_alarms <= 19);
  CHECK(found >= 195);
}
