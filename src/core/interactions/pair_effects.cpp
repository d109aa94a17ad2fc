#include "interactions/pair_effects.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/multiple_tests.hpp"

namespace relax_spectro {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// Calls `work(i, j)` for each pair of groups, i < j.
template <typename Work>
void for_each_pair(std::size_t groups, Work work) {
  for (std::size_t i = 0; i < groups; ++i) {
    for (std::size_t j = i + 1; j < groups; ++j) work(i, j);
  }
}

void set_both(Array2d<double>& matrix, std::size_t i, std::size_t j, double value) {
  matrix(i, j) = value;
  matrix(j, i) = value;
}

/// Coefficients of the polynomial of order 2 in z = 1 (kept) or -1 (masked).
struct Polynomial {
  std::vector<double> single;
  Array2d<double> pair;   ///< above the diagonal
  double variance = 0.0;  ///< of the scores

  [[nodiscard]] double variance_of_single() const {
    return std::inner_product(single.begin(), single.end(), single.begin(), 0.0);
  }
  [[nodiscard]] double variance_of_pairs() const {
    return std::inner_product(pair.values.begin(), pair.values.end(), pair.values.begin(), 0.0);
  }
};

/// The fit to patterns [begin, end), whose columns are orthogonal.
Polynomial fit(const Array2d<std::uint8_t>& kept, std::span<const double> scores, std::size_t begin,
               std::size_t end) {
  const std::size_t groups = kept.columns;
  const auto count = static_cast<double>(end - begin);
  const double first = scores[begin];  // so that equal scores have differences of exactly 0
  double mean = 0.0;
  for (std::size_t pattern = begin; pattern < end; ++pattern) mean += scores[pattern] - first;
  mean /= count;
  Polynomial polynomial{std::vector<double>(groups), Array2d<double>(groups, groups)};
  for (std::size_t pattern = begin; pattern < end; ++pattern) {
    const auto bits = kept.row(pattern);
    const double score = scores[pattern] - first - mean;
    polynomial.variance += score * score / count;
    for (std::size_t i = 0; i < groups; ++i) {
      const double signed_score = bits[i] != 0 ? score : -score;
      polynomial.single[i] += signed_score / count;
      for (std::size_t j = i + 1; j < groups; ++j) {
        polynomial.pair(i, j) += (bits[j] != 0 ? signed_score : -signed_score) / count;
      }
    }
  }
  return polynomial;
}

/// The sampling error of coefficients.
struct CoefficientError {
  double standard_error = 0.0;  ///< the same for all, because columns are balanced
  double degrees_of_freedom = 0.0;
};

CoefficientError error_of(const Polynomial& polynomial, std::size_t patterns) {
  const std::size_t groups = polynomial.single.size();
  const std::size_t pairs = groups * (groups - 1) / 2;
  const double left = static_cast<double>(patterns) - static_cast<double>(1 + groups + pairs);
  const double residual =
      polynomial.variance - polynomial.variance_of_single() - polynomial.variance_of_pairs();
  return {std::sqrt(std::max(0.0, residual) / left), left};
}

/// The two-sided p value of a t value; an infinite number of degrees is the normal distribution.
double p_of(double t, double degrees) {
  if (degrees == kInfinite) {
    return 2.0 * cdf(complement(boost::math::normal(), std::abs(t)));
  }
  return 2.0 * cdf(complement(boost::math::students_t(degrees), std::abs(t)));
}

/// Sets the p values of interactions with standard errors.
void test_pairs(PairEffects& effects, double degrees) {
  const std::size_t groups = effects.main.size();
  std::vector<double> p;
  for_each_pair(groups, [&](std::size_t i, std::size_t j) {
    const double value = effects.interaction(i, j);
    const double error = (*effects.standard_error)(i, j);
    p.push_back(value == 0.0 ? 1.0 : error == 0.0 ? 0.0 : p_of(value / error, degrees));
  });
  const std::vector<double> adjusted = holm(p);
  effects.p_adjusted.emplace(groups, groups, 1.0);
  std::size_t pair = 0;
  for_each_pair(groups, [&](std::size_t i, std::size_t j) {
    set_both(*effects.p_adjusted, i, j, adjusted[pair++]);
  });
}

/// Shares without the part that sampling errors add to squares of coefficients.
VarianceShares shares_of(const Polynomial& polynomial, double standard_error) {
  const auto groups = static_cast<double>(polynomial.single.size());
  const double pairs = groups * (groups - 1.0) / 2.0;
  const double noise = standard_error * standard_error;
  const double main = std::max(0.0, polynomial.variance_of_single() - groups * noise);
  const double of_pairs = std::max(0.0, polynomial.variance_of_pairs() - pairs * noise);
  const double all = polynomial.variance;
  if (all <= 0.0) return {};
  const double rest = std::max(0.0, all - main - of_pairs);
  const double sum = main + of_pairs + rest;
  return {main / sum, of_pairs / sum, rest / sum};
}

}  // namespace

std::vector<CellPair> pairs_by_size(const PairEffects& effects) {
  std::vector<CellPair> pairs;
  for_each_pair(effects.main.size(), [&](std::size_t i, std::size_t j) {
    pairs.push_back({i, j});
  });
  std::ranges::stable_sort(pairs, [&](const CellPair& a, const CellPair& b) {
    return std::abs(effects.interaction(a.first, a.second)) >
           std::abs(effects.interaction(b.first, b.second));
  });
  return pairs;
}

bool is_more_than_rounding(const PairEffects& effects, const CellPair& pair) {
  double largest = 0.0;
  for (const double main : effects.main) largest = std::max(largest, std::abs(main));
  return std::abs(effects.interaction(pair.first, pair.second)) > 1e-6 * largest;
}

bool is_shown(const PairEffects& effects, const CellPair& pair) {
  if (effects.p_adjusted) return (*effects.p_adjusted)(pair.first, pair.second) <= 0.05;
  return is_more_than_rounding(effects, pair);
}

PairEffects average_effects(const CellPatterns& patterns, std::span<const double> scores) {
  const std::size_t groups = patterns.kept.columns;
  const Polynomial polynomial = fit(patterns.kept, scores, 0, patterns.kept.rows);
  PairEffects effects{Array2d<double>(groups, groups), polynomial.single};
  for (double& effect : effects.main) effect *= 2.0;
  for_each_pair(groups, [&](std::size_t i, std::size_t j) {
    set_both(effects.interaction, i, j, 4.0 * polynomial.pair(i, j));
  });
  if (patterns.blocks == 0) {
    effects.variance = shares_of(polynomial, 0.0);
    return effects;
  }
  const CoefficientError error = error_of(polynomial, patterns.kept.rows);
  effects.variance = shares_of(polynomial, error.standard_error);
  effects.standard_error.emplace(groups, groups);
  for_each_pair(groups, [&](std::size_t i, std::size_t j) {
    set_both(*effects.standard_error, i, j, 4.0 * error.standard_error);
  });
  test_pairs(effects, error.degrees_of_freedom);
  return effects;
}

PairEffects effects_near_whole(std::size_t groups, std::span<const double> scores) {
  PairEffects effects{Array2d<double>(groups, groups), std::vector<double>(groups)};
  const double whole = scores[0];
  for (std::size_t i = 0; i < groups; ++i) effects.main[i] = whole - scores[1 + i];
  std::size_t next = 1 + groups;
  for_each_pair(groups, [&](std::size_t i, std::size_t j) {
    set_both(effects.interaction, i, j, whole - scores[1 + i] - scores[1 + j] + scores[next++]);
  });
  return effects;
}

PairEffects mean_effects(std::span<const PairEffects> effects) {
  if (effects.size() == 1) return effects.front();
  const std::size_t groups = effects.front().main.size();
  const auto count = static_cast<double>(effects.size());
  PairEffects mean{Array2d<double>(groups, groups), std::vector<double>(groups)};
  Array2d<double> squared_errors(groups, groups);
  VarianceShares shares;
  for (const PairEffects& one : effects) {
    for (std::size_t i = 0; i < groups; ++i) mean.main[i] += one.main[i] / count;
    for (std::size_t i = 0; i < groups * groups; ++i) {
      mean.interaction.values[i] += one.interaction.values[i] / count;
      if (!one.standard_error) continue;
      squared_errors.values[i] += std::pow(one.standard_error->values[i] / count, 2);
    }
    if (!one.variance) continue;
    shares.main += one.variance->main / count;
    shares.pairs += one.variance->pairs / count;
    shares.rest += one.variance->rest / count;
  }
  if (effects.front().variance) mean.variance = shares;
  if (!effects.front().standard_error) return mean;
  for (double& value : squared_errors.values) value = std::sqrt(value);
  mean.standard_error = std::move(squared_errors);
  test_pairs(mean, kInfinite);
  return mean;
}

}  // namespace relax_spectro
