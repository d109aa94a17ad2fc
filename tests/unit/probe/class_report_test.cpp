#include "probe/class_report.hpp"

#include <cmath>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Certain predictions.
Predictions decided(const std::vector<std::string>& labels, const std::vector<std::size_t>& truth,
                    const std::vector<std::size_t>& decisions) {
  Predictions predictions;
  predictions.labels = labels;
  predictions.truth = truth;
  predictions.probabilities = Array2d<double>(truth.size(), labels.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    predictions.groups.push_back(i);
    predictions.probabilities(i, decisions[i]) = 1.0;
  }
  predictions.raw_probabilities = predictions.probabilities;
  return predictions;
}

}  // namespace

TEST_CASE("the report has scikit-learn's columns, and a 0/0 is marked") {
  const std::vector<std::string> labels{"class 0", "class 1", "class 2", "never"};
  const ClassReport report = report_of(decided(labels, {0, 1, 2, 2, 2}, {0, 0, 2, 2, 1}), 0);
  CHECK(report.at("precision", "never").value == 0.0);
  CHECK(report.at("precision", "never").recordings == 0);
  CHECK_FALSE(report.at("f1", "never").interval);
  // classification_report(..., labels=[0, 1, 2, 3], zero_division=0), with the dashes.
  const std::string expected =
      "              precision    recall  f1-score   support\n"
      "\n"
      "     class 0       0.50      1.00      0.67         1\n"
      "     class 1       0.00      0.00      0.00         1\n"
      "     class 2       1.00      0.67      0.80         3\n"
      "       never          —         —         —         0\n"
      "\n"
      "    accuracy                           0.60         5\n"
      "   macro avg       0.38      0.42      0.37         5\n"
      "weighted avg       0.70      0.60      0.61         5\n";
  std::istringstream expected_lines(expected);
  std::istringstream found_lines(report_text(report, labels));
  std::string wanted;
  while (std::getline(expected_lines, wanted)) {
    std::string found;
    std::getline(found_lines, found);
    CHECK(found.substr(0, wanted.size()) == wanted);
  }
}

TEST_CASE("24 of 24 is not certain") {
  std::vector<std::size_t> truth(24, 0);
  truth.push_back(1);
  const ClassReport report = report_of(decided({"a", "b"}, truth, truth), 0);
  CHECK(report.at("recall", "a").interval->low == Approx(0.862).margin(0.0005));
  CHECK(report.at("recall", "a").interval->high == 1.0);
  CHECK(report.at("recall", "b").interval->low < 0.21);
}

TEST_CASE("intervals contain the truth 95 times of 100 where labels come in groups",
          "[.coverage]") {
  // 200 groups of 1 to 4 rows. Each group has a class and a share of rows that are decided for it.
  constexpr std::size_t kRuns = 1000;
  const std::vector<std::string> labels{"a", "b", "c"};
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform;
  const auto draw = [&](std::size_t groups) {
    std::vector<std::size_t> truth;
    std::vector<std::size_t> decisions;
    std::vector<std::size_t> group_of;
    for (std::size_t g = 0; g < groups; ++g) {
      const auto k = static_cast<std::size_t>(uniform(random) * 3.0);
      const double share = std::sqrt(uniform(random));
      const auto count = 1 + static_cast<std::size_t>(uniform(random) * 4.0);
      for (std::size_t i = 0; i < count; ++i) {
        truth.push_back(k);
        group_of.push_back(g);
        const std::size_t other = (k + (uniform(random) < 0.7 ? 1 : 2)) % 3;
        decisions.push_back(uniform(random) < share ? k : other);
      }
    }
    Predictions predictions = decided(labels, truth, decisions);
    predictions.groups = group_of;
    return predictions;
  };
  Predictions many = draw(200'000);
  many.groups.assign(many.groups.size(), 0);
  const ClassReport truth = report_of(many, 0);
  const std::vector<std::pair<std::string, std::string>> names{
      {"accuracy", ""}, {"recall", "a"}, {"precision", "b"}, {"macro_f1", ""}};
  std::vector<double> covered(names.size(), 0.0);
  for (std::size_t run = 0; run < kRuns; ++run) {
    const ClassReport report = report_of(draw(200), run);
    for (std::size_t k = 0; k < names.size(); ++k) {
      const double value = truth.at(names[k].first, names[k].second).value;
      const Interval interval = *report.at(names[k].first, names[k].second).interval;
      if (interval.low <= value && value <= interval.high) covered[k] += 1.0 / kRuns;
    }
  }
  for (std::size_t k = 0; k < names.size(); ++k) {
    WARN(names[k].first << ' ' << names[k].second << ": covered " << covered[k]);
    CHECK(covered[k] >= 0.93);
    CHECK(covered[k] <= 0.97);
  }
}
