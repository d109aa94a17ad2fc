#include "relax_spectro/base/statistics.hpp"

#include <vector>

#include "relax_spectro/base/error.hpp"
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
  const Interval interval = bootstrap_interval(values);
  CHECK(interval.low == Approx(0.5 - 1.96 * 0.05).margin(0.011));
  CHECK(interval.high == Approx(0.5 + 1.96 * 0.05).margin(0.011));
  CHECK(bootstrap_interval(values).low == interval.low);
  const Interval certain = bootstrap_interval(std::vector{0.25, 0.25});
  CHECK(certain.low == 0.25);
  CHECK(certain.high == 0.25);
  CHECK_THROWS_AS(bootstrap_interval({}), ConfigError);
}
