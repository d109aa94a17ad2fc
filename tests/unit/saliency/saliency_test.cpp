#include "saliency/estimators.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/largest_difference.hpp"

using namespace relax_spectro;

namespace {

constexpr Shape2d kSmallBins{12, 18};
constexpr Shape2d kSmallGrid{3, 4};

std::vector<float> expanded(const MaskLaw& law, const Mask& mask) {
  std::vector<float> weights(law.bins().rows * law.bins().columns);
  expand_mask(law, mask, weights);
  return weights;
}

/// Scores that depend on one bin of the mask, and slightly on another.
std::vector<double> scores_of(const MaskLaw& law, const MaskDesign& design, MaskRange range) {
  std::vector<double> scores;
  for (std::size_t n = range.begin; n < range.end; ++n) {
    const std::vector<float> weights = expanded(law, design.mask(n));
    scores.push_back(0.98 + 0.01 * static_cast<double>(weights[3 * kSmallBins.columns + 5]) +
                     0.002 * static_cast<double>(weights[0]));
  }
  return scores;
}

/// The published package's recursion (West's), mask by mask in double.
struct WestMaps {
  Array2d<double> importance{kSmallBins.rows, kSmallBins.columns};
  Array2d<double> uncertainty{kSmallBins.rows, kSmallBins.columns};
  Array2d<double> weight{kSmallBins.rows, kSmallBins.columns};

  void add(const std::vector<float>& mask, double score) {
    for (std::size_t i = 0; i < mask.size(); ++i) {
      const auto m = static_cast<double>(mask[i]);
      weight.values[i] += m;
      if (weight.values[i] == 0.0) continue;
      const double before = importance.values[i];
      importance.values[i] += m * (score - before) / weight.values[i];
      uncertainty.values[i] += m * (score - before) * (score - importance.values[i]);
    }
  }
};

}  // namespace

TEST_CASE("mask-sum importance and uncertainty are West's recursion, as the package runs it") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  const IndependentDesign design(law, 2, 0.5);
  const MaskRange range{5, 405};
  const std::vector<double> scores = scores_of(law, design, range);
  WestMaps west;
  for (std::size_t n = 0; n < scores.size(); ++n) {
    west.add(expanded(law, design.mask(range.begin + n)), scores[n]);
  }
  const Saliency saliency =
      mask_sum_saliency({{law, design, range}, scores}, UncertaintyScale::unnormalised);
  CHECK(test::largest_difference(saliency.importance.values, west.importance.values) < 1e-9);
  CHECK(test::largest_difference(saliency.uncertainty.values, west.uncertainty.values) < 1e-7);

  const Saliency variance = mask_sum_saliency({{law, design, range}, scores});
  for (std::size_t i = 0; i < west.weight.values.size(); ++i) {
    REQUIRE(variance.uncertainty.values[i] * west.weight.values[i] ==
            Approx(saliency.uncertainty.values[i]).margin(1e-7));
  }
}

TEST_CASE("expected importance and uncertainty are the paper's sums") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  const double keep = 0.3;
  const IndependentDesign design(law, 8, keep);
  const MaskRange first{0, 300};
  const MaskRange second{300, 500};
  const std::vector<double> scores = scores_of(law, design, first);
  const std::vector<double> fresh = scores_of(law, design, second);
  Array2d<double> importance(kSmallBins.rows, kSmallBins.columns);
  Array2d<double> uncertainty(kSmallBins.rows, kSmallBins.columns);
  for (std::size_t n = 0; n < 300; ++n) {
    const auto mask = expanded(law, design.mask(n));
    for (std::size_t i = 0; i < mask.size(); ++i) {
      importance.values[i] += scores[n] * static_cast<double>(mask[i]) / (300.0 * keep);
    }
  }
  for (std::size_t n = 0; n < 200; ++n) {
    const auto mask = expanded(law, design.mask(300 + n));
    for (std::size_t i = 0; i < mask.size(); ++i) {
      const double difference = fresh[n] - importance.values[i];
      uncertainty.values[i] +=
          difference * difference * static_cast<double>(mask[i]) / (199.0 * keep);
    }
  }
  const Saliency saliency =
      expected_saliency({{law, design, first}, scores}, {{law, design, second}, fresh}, keep);
  CHECK(test::largest_difference(saliency.importance.values, importance.values) < 1e-6);
  CHECK(test::largest_difference(saliency.uncertainty.values, uncertainty.values) < 1e-6);
}

TEST_CASE("a constant score gives a constant map, no uncertainty, and nothing to see") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  const IndependentDesign design(law, 0, 0.5);
  const std::vector<double> scores(200, 0.987);
  const Saliency saliency = mask_sum_saliency({{law, design, {0, 200}}, scores});
  for (const double value : saliency.importance.values)
    REQUIRE(value == Approx(0.987).epsilon(1e-14));
  for (const double value : saliency.uncertainty.values)
    REQUIRE(value == Approx(0.0).margin(1e-24));
  CHECK_FALSE(saliency.noise_to_contrast.has_value());
}

TEST_CASE(
    "the standard error is the error: over 200 seeds the mean map is unbiased and spreads so") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  const MaskRange range{0, 512};
  constexpr std::size_t kSeeds = 200;
  const std::size_t bin = 3 * kSmallBins.columns + 5;  // the most important bin
  std::vector<double> estimates;
  double mean_squared_error = 0.0;
  for (std::size_t seed = 0; seed < kSeeds; ++seed) {
    const IndependentDesign design(law, seed, 0.5);
    const std::vector<double> scores = scores_of(law, design, range);
    const Saliency saliency = mask_sum_saliency({{law, design, range}, scores});
    estimates.push_back(saliency.importance.values[bin]);
    mean_squared_error += std::pow(saliency.standard_error.values[bin], 2) / kSeeds;
  }
  const double mean = std::accumulate(estimates.begin(), estimates.end(), 0.0) / kSeeds;
  double variance = 0.0;
  for (const double estimate : estimates) variance += std::pow(estimate - mean, 2) / (kSeeds - 1);
  // E[s M] / E[M] from a very large number of masks.
  const IndependentDesign many(law, 12345, 0.5);
  const MaskRange long_range{0, 200000};
  const double truth =
      mask_sum_saliency({{law, many, long_range}, scores_of(law, many, long_range)})
          .importance.values[bin];
  CHECK(std::abs(mean - truth) < 4.0 * std::sqrt(variance / kSeeds));
  CHECK(std::sqrt(mean_squared_error / variance) == Approx(1.0).epsilon(0.15));
}

TEST_CASE("more masks make less noise: the ratio to the contrast falls as the square root") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  const IndependentDesign design(law, 4, 0.5);
  const auto ratio = [&](std::size_t masks) {
    const std::vector<double> scores = scores_of(law, design, {0, masks});
    return mask_sum_saliency({{law, design, {0, masks}}, scores}).noise_to_contrast.value();
  };
  CHECK(ratio(1024) / ratio(16384) == Approx(4.0).epsilon(0.5));
}

TEST_CASE("few masks give a map without a standard error, and unseen bins are NaN") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  std::vector<std::uint8_t> one_cell(12);
  one_cell[0] = 1;
  const ListedDesign design({{one_cell, {0, 0}}, {one_cell, {0, 0}}});
  const Saliency saliency =
      mask_sum_saliency({{law, design, {0, 2}}, std::vector<double>{0.5, 0.7}});
  CHECK(std::isnan(saliency.importance(11, 17)));
  CHECK(std::isnan(saliency.standard_error(0, 0)));
  CHECK(saliency.importance(0, 0) == Approx(0.6));
}

TEST_CASE("scores that do not match the masks are refused") {
  const MaskLaw law = random_mask_law(kSmallBins, kSmallGrid);
  const IndependentDesign design(law, 0, 0.5);
  CHECK_THROWS_AS(mask_sum_saliency({{law, design, {0, 3}}, std::vector<double>{1.0, 2.0}}),
                  ConfigError);
  CHECK_THROWS_AS(mask_sum_saliency({{law, design, {0, 1}}, std::vector<double>{1.0}}),
                  ConfigError);
  const ListedDesign one({{std::vector<std::uint8_t>(12, 1), {0, 0}}});
  CHECK_THROWS_AS(mask_sum_saliency({{law, one, {0, 2}}, std::vector<double>{1.0, 2.0}}),
                  ConfigError);
}

TEST_CASE("U-RELAX keeps importance up to the lower median of the uncertainty") {
  Saliency saliency;
  saliency.importance = Array2d<double>(1, 4);
  saliency.importance.values = {1.0, 2.0, 3.0, 4.0};
  saliency.uncertainty = Array2d<double>(1, 4);
  saliency.uncertainty.values = {0.4, 0.1, 0.3, 0.2};  // the lower median is 0.2
  CHECK(u_relax(saliency).values == std::vector<double>{0.0, 2.0, 0.0, 4.0});
}

TEST_CASE("names are read as they are written") {
  for (const auto estimator : {Estimator::mask_sum, Estimator::expected, Estimator::regression}) {
    CHECK(parse_estimator(to_string(estimator)) == estimator);
  }
  for (const auto scale : {UncertaintyScale::variance, UncertaintyScale::unnormalised}) {
    CHECK(parse_uncertainty_scale(to_string(scale)) == scale);
  }
  CHECK_THROWS_WITH(
      parse_estimator("b"),
      "estimator 'b' is not known; it is one of: mask-sum, expected, regression, cells, mean-drop");
}
