#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace relax_spectro {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// The fewest values that have an interval. Resamples of fewer values differ too little. The
/// interval of two values would span exactly those two, and contain the true mean only half of the
/// time.
inline constexpr std::size_t kFewestForInterval = 5;

/// The 95 % percentile bootstrap interval of a mean (Efron, Ann. Statist. 7(1), 1979), from 10 000
/// resamples. The same values and seed give the same interval.
/// @returns nothing for fewer than kFewestForInterval values.
[[nodiscard]] std::optional<Interval> bootstrap_interval(std::span<const double> values,
                                                         std::uint64_t seed = 0);

/// Row numbers, in any order; a row may be there several times.
using Rows = std::vector<std::size_t>;

/// 0, 1, … count - 1.
[[nodiscard]] Rows all_rows(std::size_t count);

/// The 95 % percentile bootstrap intervals of several numbers, from 2000 resamples of groups. All
/// rows of a group are drawn together, because they are not independent. The same rows and seed give
/// the same intervals.
/// @param groups    the group of each row, from 0, without gaps.
/// @param numbers   computes the numbers from rows. Always equally many.
[[nodiscard]] std::vector<Interval> group_bootstrap(
    std::span<const std::size_t> groups,
    const std::function<std::vector<double>(const Rows&)>& numbers, std::uint64_t seed = 0);

/// How much groups widen the error of a proportion: its variance between groups, over the variance
/// of as many independent trials. At least 1 (Kish, Survey Sampling, 1965).
/// @param successes  for each trial, 1 or 0.
/// @param groups     the group of each trial.
[[nodiscard]] double design_effect(std::span<const double> successes,
                                   std::span<const std::size_t> groups);

/// The 95 % interval of a proportion (Wilson, JASA 22, 1927), for as many independent trials as the
/// design effect leaves. It has a width even if all trials or none succeed.
/// @param groups  the group of each trial.
/// @returns nothing if there is no trial.
[[nodiscard]] std::optional<Interval> wilson_interval(std::span<const double> successes,
                                                      std::span<const std::size_t> groups);

/// The two-sided exact sign test of paired differences. It gives the probability of at least such
/// an imbalance if both signs are equally likely. Differences of at most `zero` do not count. If
/// none remain, the result is 1.
[[nodiscard]] double sign_test(std::span<const double> differences, double zero = 0.0);

}  // namespace relax_spectro
