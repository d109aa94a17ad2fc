#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

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

/// The two-sided exact sign test of paired differences. It gives the probability of at least such
/// an imbalance if both signs are equally likely. Differences of at most `zero` do not count. If
/// none remain, the result is 1.
[[nodiscard]] double sign_test(std::span<const double> differences, double zero = 0.0);

}  // namespace relax_spectro
