#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace relax_spectro {

struct Interval {
  double low = 0.0;
  double high = 0.0;
};

/// The 95 % percentile bootstrap interval of a mean (Efron, Ann. Statist. 7(1), 1979), from 10 000
/// resamples. The same values and seed give the same interval.
/// @throws ConfigError  no values.
[[nodiscard]] Interval bootstrap_interval(std::span<const double> values, std::uint64_t seed = 0);

/// The two-sided exact sign test of paired differences: how probable so many of one sign are where
/// both signs are as probable. Differences of at most `zero` do not count; without others it is 1.
[[nodiscard]] double sign_test(std::span<const double> differences, double zero = 0.0);

}  // namespace relax_spectro
