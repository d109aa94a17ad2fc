#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/saliency/mask_patches.hpp"
#include "relax_spectro/base/error.hpp"
#include "saliency/estimators.hpp"
#include "support/catch.hpp"
#include "support/largest_difference.hpp"

using namespace relax_spectro;

namespace {

constexpr Shape2d kBins{50, 50};  // shifts of 0 to 4 bins are small compared with cells of 10
constexpr Shape2d kGrid{5, 5};
constexpr std::size_t kCells = 25;
constexpr std::size_t kMasks = 1024;
constexpr std::size_t kSeeds = 200;

const MaskLaw& small_law() {
  static const MaskLaw kSmall = random_mask_law(kBins, kGrid);
  return kSmall;
}

std::vector<double> scores_of(const MaskDesign& design, MaskRange range,
                              const std::function<double(const Mask&)>& score) {
  std::vector<double> scores;
  for (std::size_t n = range.begin; n < range.end; ++n) scores.push_back(score(design.mask(n)));
  return scores;
}

/// A cosine that is mildly nonlinear in the mask. The embedding reacts to two regions, to both
/// together, and to missing parts. The reference is the embedding with all cells kept.
double cosine_score(const Mask& mask) {
  std::vector<float> weights(kBins.rows * kBins.columns);
  expand_mask(small_law(), mask, weights);
  const auto mean_over = [&](std::size_t row, std::size_t column, std::size_t side) {
    double sum = 0.0;
    for (std::size_t i = row; i < row + side; ++i) {
      for (std::size_t j = column; j < column + side; ++j) {
        sum += static_cast<double>(weights[i * kBins.columns + j]);
      }
    }
    return sum / static_cast<double>(side * side);
  };
  const auto embed = [](double one, double other) {
    return std::vector<double>{one, other, 0.5 * one * other, 1.0 - 0.5 * (one + other), 0.3};
  };
  const std::vector<double> whole = embed(1.0, 1.0);
  const std::vector<double> masked = embed(mean_over(8, 6, 16), mean_over(24, 28, 18));
  const auto product = [](const std::vector<double>& a, const std::vector<double>& b) {
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  };
  return product(whole, masked) / std::sqrt(product(whole, whole) * product(masked, masked));
}

double slope_of(std::size_t patch) { return 0.01 * static_cast<double>((patch * 7) % 11) - 0.03; }

/// Linear in how much of each patch a mask keeps.
double linear_score(const Mask& mask) {
  static const core::MaskPatches kPatches(small_law());
  std::vector<double> features(kPatches.count());
  kPatches.write_features(mask, features);
  double score = 0.8;
  for (std::size_t patch = 0; patch < features.size(); ++patch) {
    score += slope_of(patch) * features[patch];
  }
  return score;
}

/// E[s M] / E[M] of linear_score, from masks with a single cell at every shift. Let c be the score
/// of the mask that keeps nothing, and d_k the increase due to cell k. Then s = c + sum_k g_k d_k,
/// and E[g_k M] / E[M] = p + (1 - p) w_k.
Array2d<double> linear_truth(double keep) {
  const Shape2d shifts = small_law().shifts();
  const double share = 1.0 / static_cast<double>(shifts.rows * shifts.columns);
  double level = 0.0;
  MaskSums added_weights(small_law());
  for (std::uint32_t row = 0; row < shifts.rows; ++row) {
    for (std::uint32_t column = 0; column < shifts.columns; ++column) {
      Mask mask{std::vector<std::uint8_t>(kCells, 0), {row, column}};
      const double nothing_kept = linear_score(mask);
      level += share * nothing_kept;
      for (std::size_t cell = 0; cell < kCells; ++cell) {
        mask.cell_bits[cell] = 1;
        const double added = share * (linear_score(mask) - nothing_kept);
        level += keep * added;
        added_weights.add(mask, (1.0 - keep) * added);
        mask.cell_bits[cell] = 0;
      }
    }
  }
  Array2d<double> truth = added_weights.expand();
  for (double& value : truth.values) value += level;
  return truth;
}

using MakeDesign = std::function<std::unique_ptr<MaskDesign>(std::uint64_t seed)>;

std::unique_ptr<MaskDesign> independent(std::uint64_t seed) {
  return std::make_unique<IndependentDesign>(small_law(), seed, 0.5);
}
std::unique_ptr<MaskDesign> code(std::uint64_t seed) {
  return std::make_unique<CodeDesign>(small_law(), seed, 128);
}
std::unique_ptr<MaskDesign> sobol(std::uint64_t seed) {
  return std::make_unique<SobolDesign>(small_law(), seed, 0.5, 128);
}

using Estimate = decltype(&mask_sum_saliency);

Saliency map_of(const MaskDesign& design, std::size_t masks, Estimate estimate) {
  const MaskRange range{0, masks};
  return estimate({{small_law(), design, range}, scores_of(design, range, cosine_score)},
                  UncertaintyScale::variance);
}

/// A very large number of independent masks.
const Saliency& reference() {
  static const Saliency kReference = map_of(*independent(987654), 200000, regression_saliency);
  return kReference;
}

/// Statistics of the maps of many seeds at each bin, compared with the reference.
struct Trials {
  std::vector<double> mean;           // of the importance
  std::vector<double> variance;       // of the importance
  std::vector<double> squared_error;  // the mean squared standard error
  double contrast_error = 0.0;        // mean squared error of the mean-removed map
  double total_error = 0.0;           // mean squared error of the map
  double uncertainty_error = 0.0;     // mean squared error of the uncertainty
};

Trials run_trials(const MakeDesign& make_design, Estimate estimate) {
  const std::size_t bins = kBins.rows * kBins.columns;
  Trials trials{std::vector<double>(bins),
                std::vector<double>(bins),
                std::vector<double>(bins),
                0.0,
                0.0,
                0.0};
  const auto count = static_cast<double>(kSeeds);
  std::vector<double> squares(bins);
  for (std::size_t seed = 0; seed < kSeeds; ++seed) {
    const Saliency saliency = map_of(*make_design(seed), kMasks, estimate);
    double mean_error = 0.0;
    double square_error = 0.0;
    for (std::size_t i = 0; i < bins; ++i) {
      const double error = saliency.importance.values[i] - reference().importance.values[i];
      mean_error += error / static_cast<double>(bins);
      square_error += error * error / static_cast<double>(bins);
      trials.mean[i] += error / count;
      squares[i] += error * error / count;
      trials.squared_error[i] += std::pow(saliency.standard_error.values[i], 2) / count;
      trials.uncertainty_error +=
          std::pow(saliency.uncertainty.values[i] - reference().uncertainty.values[i], 2) / count;
    }
    trials.total_error += square_error / count;
    trials.contrast_error += (square_error - mean_error * mean_error) / count;
  }
  for (std::size_t i = 0; i < bins; ++i) {
    trials.variance[i] = (squares[i] - trials.mean[i] * trials.mean[i]) * count / (count - 1.0);
    trials.mean[i] += reference().importance.values[i];
  }
  return trials;
}

/// Root mean square standard error divided by the spread of the maps: 1 if they agree.
double error_over_spread(const Trials& trials) {
  return std::sqrt(std::accumulate(trials.squared_error.begin(), trials.squared_error.end(), 0.0) /
                   std::accumulate(trials.variance.begin(), trials.variance.end(), 0.0));
}

/// The largest deviation of a bin's mean from the truth, in standard errors. The truth has errors
/// too.
double largest_bias(const Trials& trials, const Saliency& truth) {
  double largest = 0.0;
  for (std::size_t i = 0; i < trials.mean.size(); ++i) {
    const double error = std::sqrt(trials.variance[i] / static_cast<double>(kSeeds) +
                                   std::pow(truth.standard_error.values[i], 2));
    largest = std::max(largest, std::abs(trials.mean[i] - truth.importance.values[i]) / error);
  }
  return largest;
}

}  // namespace

TEST_CASE("regression gives the exact map of a score that is linear in what is kept of patches") {
  const auto exact = [](const MaskDesign& design, double keep) {
    const MaskRange range{0, 512};
    const Saliency saliency =
        regression_saliency({{small_law(), design, range}, scores_of(design, range, linear_score)});
    CHECK(test::largest_difference(saliency.importance.values, linear_truth(keep).values) < 1e-12);
    CHECK(*std::max_element(saliency.standard_error.values.begin(),
                            saliency.standard_error.values.end()) < 1e-12);
  };
  exact(*independent(1), 0.5);
  exact(*code(1), 0.5);
  exact(*sobol(1), 0.5);
  exact(IndependentDesign(small_law(), 1, 0.25), 0.25);
  exact(SobolDesign(small_law(), 1, 0.75, 128), 0.75);
}

TEST_CASE(
    "regression has no bias to be seen over 200 seeds, an honest standard error, and less noise",
    "[slow]") {
  // From other masks and without regression, so that neither can hide a bias of the other.
  const Saliency truth = map_of(*independent(55555), 400000, mask_sum_saliency);
  const Trials baseline = run_trials(independent, mask_sum_saliency);
  const auto check = [&](const std::string& name, const MakeDesign& make_design,
                         double least_gain) {
    const Trials trials = run_trials(make_design, regression_saliency);
    const double gain = baseline.contrast_error / trials.contrast_error;
    std::cout << name << " + regression over independent + mask-sum, " << kMasks
              << " masks: contrast gain " << gain << ", total "
              << baseline.total_error / trials.total_error << ", uncertainty "
              << baseline.uncertainty_error / trials.uncertainty_error
              << "; standard error / spread " << error_over_spread(trials) << "; largest bias "
              << largest_bias(trials, truth) << " standard errors, against regression "
              << largest_bias(trials, reference()) << '\n';
    CHECK(largest_bias(trials, truth) < 4.0);
    CHECK(error_over_spread(trials) == Approx(1.0).epsilon(0.2));
    CHECK(gain > least_gain);
  };
  check("code", code, 1.0);
  check("sobol", sobol, 1.0);
  check("independent", independent, 1.0);
}

TEST_CASE("regression's uncertainty is the mask-sum estimator's, less noise") {
  const Saliency plain = map_of(*independent(3), 100000, mask_sum_saliency);
  const double scale =
      *std::max_element(plain.uncertainty.values.begin(), plain.uncertainty.values.end());
  CHECK(test::largest_difference(reference().uncertainty.values, plain.uncertainty.values) <
        0.03 * scale);
}

TEST_CASE("regression of a constant score gives the constant") {
  const auto design = code(0);
  const std::vector<double> scores(256, 0.987);
  const Saliency saliency = regression_saliency({{small_law(), *design, {0, 256}}, scores});
  for (const double value : saliency.importance.values) REQUIRE(value == Approx(0.987));
  for (const double value : saliency.uncertainty.values) {
    REQUIRE(value == Approx(0.0).margin(1e-24));
  }
  CHECK_FALSE(saliency.noise_to_contrast.has_value());
}

TEST_CASE("regression copes with fewer masks than cells") {
  const auto design = independent(4);
  const Saliency saliency = map_of(*design, 12, regression_saliency);
  for (std::size_t i = 0; i < saliency.importance.values.size(); ++i) {
    REQUIRE(std::abs(saliency.importance.values[i] - reference().importance.values[i]) < 0.3);
  }
}

TEST_CASE("regression is refused where cells are not known to be independent, or too many") {
  const ListedDesign listed({independent(0)->mask(0), independent(0)->mask(1)});
  CHECK_THROWS_WITH(
      regression_saliency({{small_law(), listed, {0, 2}}, std::vector<double>{1.0, 2.0}}),
      Catch::Contains("independently") && Catch::Contains("use mask-sum"));
  const MaskLaw fine = random_mask_law({40, 40}, {33, 33});
  const IndependentDesign design(fine, 0, 0.5);
  CHECK_THROWS_WITH(regression_saliency({{fine, design, {0, 2}}, std::vector<double>{1.0, 2.0}}),
                    Catch::Contains("at most 1024"));
  CHECK_THROWS_AS(
      regression_saliency({{small_law(), *independent(0), {0, 3}}, std::vector<double>{1.0, 2.0}}),
      ConfigError);
}
