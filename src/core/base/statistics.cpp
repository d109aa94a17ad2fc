#include "base/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

#include "base/draw_stream.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kResamples = 10'000;
constexpr std::size_t kGroupResamples = 2000;

double resampled_mean(std::span<const double> values, core::DrawStream draws) {
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[draws.next_below(values.size())];
  return sum / static_cast<double>(values.size());
}

}  // namespace

Rows all_rows(std::size_t count) {
  Rows rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

std::optional<Interval> bootstrap_interval(std::span<const double> values, std::uint64_t seed) {
  if (values.size() < kFewestForInterval) return std::nullopt;
  std::vector<double> means(kResamples);
  for (std::size_t r = 0; r < kResamples; ++r) {
    means[r] = resampled_mean(values, {seed, r, core::DrawsFor::bootstrap});
  }
  std::ranges::sort(means);
  return Interval{means[kResamples / 40], means[kResamples - 1 - kResamples / 40]};
}

std::vector<Interval> group_bootstrap(
    std::span<const std::size_t> groups,
    const std::function<std::vector<double>(const Rows&)>& numbers, std::uint64_t seed) {
  std::vector<Rows> members(groups.empty() ? 0 : *std::ranges::max_element(groups) + 1);
  for (std::size_t i = 0; i < groups.size(); ++i) members[groups[i]].push_back(i);
  std::vector<std::vector<double>> resampled;  // [number, resample]
  for (std::size_t r = 0; r < kGroupResamples; ++r) {
    core::DrawStream draws(seed, r, core::DrawsFor::group_bootstrap);
    Rows rows;
    for (std::size_t g = 0; g < members.size(); ++g) {
      const Rows& drawn = members[draws.next_below(members.size())];
      rows.insert(rows.end(), drawn.begin(), drawn.end());
    }
    const std::vector<double> found = numbers(rows);
    resampled.resize(found.size());
    for (std::size_t k = 0; k < found.size(); ++k) resampled[k].push_back(found[k]);
  }
  std::vector<Interval> intervals;
  for (std::vector<double>& values : resampled) {
    std::ranges::sort(values);
    intervals.push_back(
        {values[kGroupResamples / 40], values[kGroupResamples - 1 - kGroupResamples / 40]});
  }
  return intervals;
}

double design_effect(std::span<const double> successes, std::span<const std::size_t> groups) {
  const auto trials = static_cast<double>(successes.size());
  const double share = std::reduce(successes.begin(), successes.end()) / trials;
  std::map<std::size_t, double> deviations;
  for (std::size_t i = 0; i < successes.size(); ++i) deviations[groups[i]] += successes[i] - share;
  double squares = 0.0;
  for (const auto& [group, deviation] : deviations) squares += deviation * deviation;
  const auto count = static_cast<double>(deviations.size());
  const double independent = trials * share * (1.0 - share) * trials / (trials - 1.0);
  if (count < 2.0 || share <= 0.0 || share >= 1.0) return 1.0;
  return std::max(1.0, squares * count / (count - 1.0) / independent);
}

std::optional<Interval> wilson_interval(std::span<const double> successes,
                                        std::span<const std::size_t> groups) {
  if (successes.empty()) return std::nullopt;
  const auto trials = static_cast<double>(successes.size());
  const double share = std::reduce(successes.begin(), successes.end()) / trials;
  const double independent = trials / design_effect(successes, groups);
  const double z = quantile(boost::math::normal(), 0.975);
  const double shrink = 1.0 + z * z / independent;
  const double centre = (share + z * z / (2.0 * independent)) / shrink;
  const double half =
      z / shrink *
      std::sqrt(share * (1.0 - share) / independent + z * z / (4.0 * independent * independent));
  return Interval{std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double sign_test(std::span<const double> differences, double zero) {
  const auto positive = std::ranges::count_if(differences, [zero](double d) { return d > zero; });
  const auto negative = std::ranges::count_if(differences, [zero](double d) { return d < -zero; });
  if (positive + negative == 0) return 1.0;
  const boost::math::binomial fair(static_cast<double>(positive + negative), 0.5);
  return std::min(1.0, 2.0 * cdf(fair, static_cast<double>(std::min(positive, negative))));
}

}  // namespace relax_spectro
