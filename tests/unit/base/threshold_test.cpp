#include "relax_spectro/base/threshold.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("the mean parts values at their mean, NaN left out") {
  const std::vector<double> values{1.0, 2.0, 6.0, std::numeric_limits<double>::quiet_NaN()};
  CHECK(threshold_of(values, ThresholdKind::mean) == Approx(3.0));
}

TEST_CASE("Otsu's threshold lies between two heaps") {
  std::vector<double> values;
  for (int i = 0; i < 50; ++i) values.push_back(0.01 * (i % 10));
  for (int i = 0; i < 20; ++i) values.push_back(0.9 + 0.01 * (i % 10));
  const double threshold = threshold_of(values, ThresholdKind::otsu);
  CHECK(threshold >= 0.085);
  CHECK(threshold < 0.9);
}

TEST_CASE("Otsu's threshold is the split with the largest variance between its parts") {
  // By hand: bins 0, 64, 128 and 255 have these counts. All splits are tried for the best one.
  std::vector<double> values;
  const std::vector<std::pair<double, int>> heaps{{0.0, 10}, {64.0, 3}, {128.0, 2}, {255.0, 5}};
  for (const auto& [value, count] : heaps) values.insert(values.end(), count, value);
  double best_value = 0.0;
  double most = -1.0;
  for (std::size_t split = 1; split < heaps.size(); ++split) {
    double n0 = 0.0, s0 = 0.0, n1 = 0.0, s1 = 0.0;
    for (std::size_t i = 0; i < heaps.size(); ++i) {
      (i < split ? n0 : n1) += heaps[i].second;
      (i < split ? s0 : s1) += heaps[i].second * heaps[i].first;
    }
    const double between = n0 * n1 * std::pow(s0 / n0 - s1 / n1, 2);
    if (between > most) {
      most = between;
      best_value = heaps[split - 1].first;
    }
  }
  const double threshold = threshold_of(values, ThresholdKind::otsu);
  CHECK(threshold > best_value - 1.0);  // half a bin
  CHECK(threshold < best_value + 1.0);
}

TEST_CASE("the triangle threshold lies at the foot of a peak with a long tail") {
  // A peak of 1000 at 0, falling steeply to 10 at bin 20, then a flat tail to bin 255.
  std::vector<double> values;
  for (int bin = 0; bin < 256; ++bin) {
    const int count = bin < 20 ? 1000 - bin * 49 : 10;
    values.insert(values.end(), static_cast<std::size_t>(count), bin);
  }
  const double threshold = threshold_of(values, ThresholdKind::triangle);
  CHECK(threshold > 15.0);
  CHECK(threshold < 26.0);
  // The same mirrored: the tail is below.
  for (double& value : values) value = 255.0 - value;
  const double mirrored = threshold_of(values, ThresholdKind::triangle);
  CHECK(mirrored > 229.0);
  CHECK(mirrored < 240.0);
}

TEST_CASE("values that are all alike are their own threshold") {
  const std::vector<double> values(5, 0.7);
  for (const auto kind : {ThresholdKind::mean, ThresholdKind::otsu, ThresholdKind::triangle}) {
    CHECK(threshold_of(values, kind) == 0.7);
  }
  CHECK(std::isnan(threshold_of({}, ThresholdKind::mean)));
}

TEST_CASE("thresholds are written as they are read, and others are refused") {
  for (const char* name : {"mean", "otsu", "triangle"})
    CHECK(to_string(parse_threshold(name)) == name);
  CHECK_THROWS_WITH(parse_threshold("median"),
                    "threshold 'median' is not known; it is one of: mean, otsu, triangle");
}
