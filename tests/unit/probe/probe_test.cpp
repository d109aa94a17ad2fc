#include "probe/probe.hpp"

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "probe/calibration.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// 60 recordings of 3 classes in 30 groups of two. One of 4 features tells the classes apart.
ProbeData three_classes() {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal;
  ProbeData data;
  data.labels = {"a", "b", "c"};
  data.rows.class_count = 3;
  data.rows.features = Array2d<double>(60, 4);
  for (std::size_t i = 0; i < 60; ++i) {
    const std::size_t group = i / 2;
    data.files.push_back(std::to_string(i) + ".wav");
    if (i % 2 == 0) data.groups.push_back("source " + std::to_string(group));
    data.rows.groups.push_back(group);
    data.rows.classes.push_back(group % 3);
    data.rows.weights.push_back(1.0);
    data.folds.push_back(std::to_string(group / 10));
    for (double& value : data.rows.features.row(i)) value = normal(random);
    data.bands.values.push_back(normal(random));
    data.rows.features(i, 0) += 5.0 * static_cast<double>(group % 3);
  }
  data.bands.rows = 60;
  data.bands.columns = 1;
  return data;
}

}  // namespace

TEST_CASE("a probe finds what an embedding knows, and nothing in shuffled labels") {
  const ProbeData data = three_classes();
  const std::string folds = GENERATE("auto", "5");
  const Probe probe = make_probe(data, {folds}, {});
  CHECK(probe.report.at("accuracy").value >= 0.95);
  CHECK(probe.report.at("accuracy").recordings == 60);
  CHECK(probe.fit.fit.error_bound <= kLargestErrorBound);
  CHECK(probe.controls.majority.accuracy <= 0.4);
  CHECK(probe.controls.bands.accuracy <= 0.5);  // they are noise
  const Control& shuffled = probe.controls.shuffled_labels;
  CHECK(shuffled.accuracy == Approx(1.0 / 3.0).margin(0.07));
  CHECK(shuffled.interval.low < 1.0 / 3.0);
  CHECK(shuffled.interval.high > 1.0 / 3.0);
  CHECK(probe.warnings.empty());
  // Strong and weak features: the one that tells the classes apart has the largest weight.
  CHECK(std::abs(probe.fit.fit.weights(0, 0)) > 3.0 * std::abs(probe.fit.fit.weights(0, 1)));
}

TEST_CASE("copies of a recording in two folds are refused") {
  ProbeData data = three_classes();
  data.folds[7] = "2";  // its group's other recording stays in fold 0
  CHECK_THROWS_WITH(make_probe(data, {}, {}),
                    Catch::Contains("1 group is in several folds") && Catch::Contains("source 3;"));
  const Probe probe = make_probe(data, {"auto", true}, {});
  REQUIRE(probe.warnings.size() == 1);
  CHECK_THAT(probe.warnings[0], Catch::Contains("source 3"));
}

TEST_CASE("a split tests its test part, with the fit of its training part") {
  ProbeData data = three_classes();
  for (const std::string& fold : data.folds)
    data.splits.emplace_back(fold == "2" ? "test" : "train");
  CHECK_THROWS_WITH(make_probe(data, {}, {}), Catch::Contains("choose one by --folds"));
  const Probe probe = make_probe(data, {"split"}, {});
  REQUIRE(probe.folds.size() == 1);
  CHECK(probe.tested.size() == 20);
  CHECK(probe.tested.front() == 40);
  CHECK(probe.fit.fit.weights.values == probe.folds[0].chosen.fit.weights.values);
}

TEST_CASE("a class with fewer groups than folds is named") {
  ProbeData data = three_classes();
  for (std::size_t i = 2; i < 60; ++i) {
    if (data.rows.classes[i] == 0) data.rows.classes[i] = 1;
  }
  const Probe probe = make_probe(data, {}, {});
  REQUIRE(probe.warnings.size() == 1);
  CHECK(probe.warnings[0] == "1 class has fewer groups than there are folds: a");
  CHECK(probe.report.at("recall", "a").value == 0.0);
}

TEST_CASE("the temperature undoes logits that are too large, and calibration errors are counted") {
  std::mt19937_64 random(2);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  Array2d<double> logits(4000, 2);
  std::vector<std::size_t> classes;
  for (std::size_t i = 0; i < logits.rows; ++i) {
    const double logit = 2.0 * normal(random);
    logits(i, 1) = 3.0 * logit;
    classes.push_back(uniform(random) < 1.0 / (1.0 + std::exp(-logit)) ? 1 : 0);
  }
  CHECK(best_temperature(logits, classes) == Approx(3.0).epsilon(0.1));

  // 8 right decisions are no more certain than 0.9 and half of 0.1.
  Array2d<double> right(8, 2);
  for (std::size_t i = 0; i < 8; ++i) right(i, 0) = 1.0;
  const double temperature = best_temperature(right, std::vector<std::size_t>(8, 0));
  CHECK(probabilities_of(right, temperature)(0, 0) == Approx(0.95).margin(1e-4));

  Certainty certain({2, 2}, {0, 0}, {0, 0});
  certain.confidences = {0.9, 0.9};
  CHECK(certain.calibration_error({0, 1}) == Approx(0.1));
  Array2d<double> even(30, 2, 0.5);
  std::vector<std::size_t> truth;
  Rows rows;
  for (std::size_t i = 0; i < 30; ++i) {
    rows.push_back(i);
    truth.push_back(i % 2);
  }
  const Certainty half(even, truth, Rows(30, 0));
  CHECK(half.calibration_error(rows) == Approx(0.0));
  for (const ReliabilityBin& bin : reliability_of(half, rows)) {
    CHECK(bin.confidence == 0.5);
    CHECK(bin.right == 0.5);
    CHECK(bin.interval.low == Approx(0.0945).margin(1e-4));  // Wilson, 1 of 2
  }
}
