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

TEST_CASE("a proportion's interval is Wilson's, and groups widen it") {
  const std::vector<double> all(24, 1.0);
  std::vector<std::size_t> alone;
  for (std::size_t i = 0; i < 24; ++i) alone.push_back(i);
  CHECK(wilson_interval(all, alone)->low == Approx(0.862).margin(0.0005));  // 24 / (24 + 1.96²)
  CHECK(wilson_interval(all, alone)->high == 1.0);
  CHECK_FALSE(wilson_interval({}, {}));

  // 24 trials in 12 pairs that agree are as good as 12 trials.
  std::vector<double> half(24, 0.0);
  std::vector<std::size_t> pairs;
  for (std::size_t i = 0; i < 24; ++i) {
    half[i] = i < 12 ? 1.0 : 0.0;
    pairs.push_back(i / 2);
  }
  CHECK(design_effect(half, alone) == Approx(1.0));
  CHECK(design_effect(half, pairs) == Approx(2.0 * (12.0 / 11.0) / (24.0 / 23.0)));
  CHECK(wilson_interval(half, pairs)->low < wilson_interval(half, alone)->low);
}

TEST_CASE("a bootstrap of groups draws whole groups") {
  // 50 groups of two equal values: the mean's standard error is that of 50 values.
  std::vector<std::size_t> groups;
  for (std::size_t i = 0; i < 100; ++i) groups.push_back(i / 2);
  const auto mean = [](const Rows& rows) {
    double sum = 0.0;
    for (const std::size_t row : rows) sum += row < 50 ? 1.0 : 0.0;
    return std::vector<double>{sum / static_cast<double>(rows.size())};
  };
  const Interval interval = group_bootstrap(groups, mean).front();
  CHECK(interval.low == Approx(0.5 - 1.96 * 0.0707).margin(0.02));
  CHECK(interval.high == Approx(0.5 + 1.96 * 0.0707).margin(0.02));
}
