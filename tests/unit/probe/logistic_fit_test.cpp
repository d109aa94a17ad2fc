#include "probe/logistic_fit.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "probe/calibration.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

LabelledRows rows_of(const std::vector<double>& feature, const std::vector<std::size_t>& classes,
                     std::size_t class_count) {
  LabelledRows rows;
  rows.features = Array2d<double>(feature.size(), 1);
  rows.features.values = feature;
  rows.classes = classes;
  rows.class_count = class_count;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    rows.weights.push_back(1.0);
    rows.groups.push_back(i);
  }
  return rows;
}

}  // namespace

TEST_CASE("two separable points have the weights that the calculus gives") {
  // The classes at -1 and 1, with a difference w of their weights, have the gradient
  // -1 / (1 + exp(w)) + w / (C * 2).
  const double c = GENERATE(1e-3, 1.0, 1e4);
  const LogisticFit fit = fit_logistic(rows_of({-1.0, 1.0}, {0, 1}, 2), {c, false});
  const double w = fit.weights(1, 0) - fit.weights(0, 0);
  CHECK(std::abs(-1.0 / (1.0 + std::exp(w)) + w / (2.0 * c)) <= 1e-9 / c);
  CHECK(fit.weights(0, 0) == Approx(-fit.weights(1, 0)));
  CHECK(fit.bias[0] == Approx(0.0).margin(1e-9));
  CHECK(fit.error_bound <= 1e-8);
}

TEST_CASE("the certificate holds: no fit is further from a better one than its bound") {
  std::vector<double> feature;
  std::vector<std::size_t> classes;
  for (std::size_t i = 0; i < 60; ++i) {
    feature.push_back(std::sin(static_cast<double>(i * i)) * 1000.0 + 5000.0);
    classes.push_back(feature.back() > 5100.0 ? 2 : i % 2);
  }
  const LabelledRows rows = rows_of(feature, classes, 3);
  const LogisticFit fit = fit_logistic(rows, {100.0, true});
  CHECK(fit.error_bound <= 1e-8);
  CHECK(fit.weights(0, 0) + fit.weights(1, 0) + fit.weights(2, 0) == Approx(0.0).margin(1e-10));

  SECTION("and features in other units give the same probabilities") {
    std::vector<double> scaled;
    for (const double x : feature) scaled.push_back(x / 1e6 - 3.0);
    const LabelledRows other = rows_of(scaled, classes, 3);
    const auto expected = probabilities_of(fit.logits(rows.features));
    const auto found = probabilities_of(fit_logistic(other, {100.0, true}).logits(other.features));
    for (std::size_t i = 0; i < found.values.size(); ++i) {
      CHECK(found.values[i] == Approx(expected.values[i]).margin(1e-8));
    }
  }
  SECTION("and a row of weight 2 counts as two rows, one of weight 0 as none") {
    LabelledRows weighted = rows;
    weighted.weights[0] = 2.0;
    weighted.weights[1] = 0.0;
    LabelledRows repeated = rows;
    repeated.features(1, 0) = repeated.features(0, 0);
    repeated.classes[1] = repeated.classes[0];
    const double expected = fit_logistic(repeated, {1.0, true}).weights(2, 0);
    CHECK(fit_logistic(weighted, {1.0, true}).weights(2, 0) == Approx(expected).epsilon(1e-8));
  }
}

TEST_CASE("a fit learns from windows as from rows of their own") {
  const LabelledRows alone = rows_of({-3.0, -1.0, 0.0, 2.0, 4.0, 1.0}, {0, 0, 1, 1, 1, 0}, 2);
  LabelledRows rows = rows_of({99.0, -2.0, 2.0, 1.0}, {1, 0, 1, 0}, 2);  // the means are not used
  rows.windows.features = alone.features;
  rows.windows.row_of = {1, 1, 2, 2, 2, 3};
  for (const bool balanced : {false, true}) {
    const LogisticOptions options{1.0, true, balanced};
    const LogisticFit fit = fit_logistic(rows.at({3, 2, 1}), options);
    CHECK(fit.weights(1, 0) == Approx(fit_logistic(alone, options).weights(1, 0)));
  }
}

TEST_CASE("a class without rows is never decided for") {
  const LabelledRows rows = rows_of({-1.0, 1.0}, {0, 2}, 3);
  const LogisticFit fit = fit_logistic(rows, {});
  CHECK(fit.bias[1] == -std::numeric_limits<double>::infinity());
  const Array2d<double> probabilities = probabilities_of(fit.logits(rows.features));
  CHECK(probabilities(0, 1) == 0.0);
  CHECK(probabilities(0, 0) + probabilities(0, 2) == Approx(1.0));
}

TEST_CASE("a constant feature has no weight, and a fit needs two classes and a C") {
  LabelledRows rows = rows_of({0.1, 0.1, 0.1}, {0, 1, 1}, 2);
  CHECK(fit_logistic(rows, {}).weights(0, 0) == Approx(0.0).margin(1e-9));
  CHECK_THROWS_AS(fit_logistic(rows, {0.0}), ConfigError);
  rows.classes = {1, 1, 1};
  CHECK_THROWS_WITH(fit_logistic(rows, {}), Catch::Contains("1 of 2 classes"));
}
