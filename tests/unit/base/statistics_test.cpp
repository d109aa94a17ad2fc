#include "base/statistics.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("the sign test is the binomial's") {
  CHECK(sign_test(std::vector{0.1, 0.2, 0.3, 0.4, 0.5}) == Approx(2.0 / 32.0));
  CHECK(sign_test(std::vector{-0.1, 0.2, 0.3, 0.4, 0.5}) == Approx(2.0 * 6.0 / 32.0));
  CHECK(sign_test(std::vector{-0.1, 0.2}) == 1.0);
  CHECK(sign_test(std::vector{0.0, 0.0}) == 1.0);
  CHECK(sign_test(std::vector{0.1, 0.2, 1e-9, -1e-9}, 1e-8) == Approx(0.5));
}

TEST_CASE("a bootstrap interval is as wide as theory says, and the same every time") {
  // 100 values, half 0 and half 1: the mean's standard error is 0.05.
  std::vector<double> values(100, 0.0);
  for (std::size_t i = 0; i < 50; ++i) values[i] = 1.0;
  const Interval interval = bootstrap_interval(values).value();
  CHECK(interval.low == Approx(0.5 - 1.96 * 0.05).margin(0.011));
  CHECK(interval.high == Approx(0.5 + 1.96 * 0.05).margin(0.011));
  CHECK(bootstrap_interval(values)->low == interval.low);
  const Interval certain = bootstrap_interval(std::vector(5, 0.25)).value();
  CHECK(certain.low == 0.25);
  CHECK(certain.high == 0.25);
}

TEST_CASE("fewer than five values have no interval") {
  CHECK_FALSE(bootstrap_interval({}));
  CHECK_FALSE(bootstrap_interval(std::vector{0.1, 0.2, 0.3, 0.4}));
  CHECK(bootstrap_interval(std::vector{0.1, 0.2, 0.3, 0.4, 0.5}));
}
