#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "probe/calibration.hpp"
#include "probe/class_report.hpp"
#include "probe/logistic_fit.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

using Arrays = std::map<std::string, NumericArray>;

const Arrays& golden() {
  static const Arrays kArrays =
      read_npz(std::filesystem::path(RELAX_SPECTRO_GOLDEN_SMALL) / "probe.npz");
  return kArrays;
}

double largest_difference(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() >= expected.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(found[i] - expected[i]));
  }
  return largest;
}

}  // namespace

TEST_CASE("a fit is scikit-learn's LogisticRegression", "[probe]") {
  const auto [class_count, c, balanced] =
      GENERATE(table<std::size_t, double, bool>({{3, 0.01, false},
                                                 {3, 1.0, false},
                                                 {3, 10000.0, false},
                                                 {3, 1.0, true},
                                                 {2, 0.01, false},
                                                 {2, 1.0, false},
                                                 {2, 10000.0, false}}));
  const NumericArray& features = golden().at("features");
  LabelledRows rows;
  rows.class_count = class_count;
  rows.features = Array2d<double>(features.shape[0], features.shape[1]);
  rows.features.values = features.values;
  for (const double k : golden().at(fmt::format("classes_{}", class_count)).values) {
    rows.classes.push_back(static_cast<std::size_t>(k));
    rows.weights.push_back(1.0);
    rows.groups.push_back(rows.groups.size());
  }
  const LogisticFit fit = fit_logistic(rows, {c, true, balanced});
  std::vector<double> weights = fit.weights.values;
  std::vector<double> bias = fit.bias;
  if (class_count == 2) {  // scikit-learn has their difference
    const std::size_t size = fit.weights.columns;
    for (std::size_t i = 0; i < size; ++i) weights[i] = weights[size + i] - weights[i];
    bias[0] = bias[1] - bias[0];
  }
  const std::string name = fmt::format("{}_{}{}", class_count, c, balanced ? "_balanced" : "");
  const double by_weights = largest_difference(weights, golden().at("weights_" + name).values);
  const double by_bias = largest_difference(bias, golden().at("bias_" + name).values);
  const double by_probability =
      largest_difference(probabilities_of(fit.logits(rows.features)).values,
                         golden().at("probability_" + name).values);
  fmt::print("{}: weights {:.1e}, bias {:.1e}, probabilities {:.1e}\n", name, by_weights, by_bias,
             by_probability);
  CHECK(by_weights <= 1e-8);
  CHECK(by_bias <= 1e-7);
  CHECK(by_probability <= 1e-8);
}

TEST_CASE("a report has scikit-learn's numbers", "[probe]") {
  const auto classes = GENERATE(as<std::size_t>(), 4, 2);
  const NumericArray& truth = golden().at(fmt::format("truth_{}", classes));
  const NumericArray& parts = golden().at(fmt::format("parts_{}", classes));
  const NumericArray& expected = golden().at(fmt::format("measures_{}", classes));
  const std::size_t recordings = truth.shape[1];
  double largest = 0.0;
  for (std::size_t table = 0; table < truth.shape[0]; ++table) {
    Predictions predictions;
    predictions.probabilities = Array2d<double>(recordings, classes);
    for (std::size_t k = 0; k < classes; ++k) predictions.labels.push_back(fmt::format("{}", k));
    for (std::size_t i = 0; i < recordings; ++i) {
      const std::size_t row = table * recordings + i;
      predictions.truth.push_back(static_cast<std::size_t>(truth.values[row]));
      predictions.groups.push_back(i);
      for (std::size_t k = 0; k < classes; ++k) {
        predictions.probabilities(i, k) = parts.values[row * classes + k] / 1024.0;
      }
    }
    predictions.raw_probabilities = predictions.probabilities;
    const ClassReport report = report_of(predictions, 0);
    std::vector<double> found;
    for (const Measure& measure : report.measures) found.push_back(measure.value);
    const std::size_t count = expected.shape[1];
    const auto begin = expected.values.begin() + static_cast<std::ptrdiff_t>(table * count);
    largest = std::max(
        largest, largest_difference(found, {begin, begin + static_cast<std::ptrdiff_t>(count)}));
  }
  fmt::print("{} classes, {} tables: {:.1e}\n", classes, truth.shape[0], largest);
  CHECK(largest <= 1e-12);
}
