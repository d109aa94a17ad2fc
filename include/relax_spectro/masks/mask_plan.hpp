#pragma once

#include <cstddef>

namespace relax_spectro {

/// No plan asks for more masks.
inline constexpr std::size_t kMostPlannedMasks = 1'000'000'000'000'000'000;

/// An error of importance that is not to be passed, and how likely it may be all the same.
struct ErrorBound {
  double error = 0.025;            ///< absolute, in units of the score, in (0, 1]
  double miss_probability = 0.05;  ///< that some bin's error is larger, in (0, 1)
};

/// How many independent masks keep the error of `bins` bins at once within a bound, whatever the
/// model, for scores in [0, 1]: N = ln(2 F / d) / (2 p^2 t^2), rounded up, for F bins, the
/// probability d of a miss, the keep probability p and the error t (Hoeffding, "Probability
/// Inequalities for Sums of Bounded Random Variables", J. Am. Stat. Assoc. 58, 1963). With p = 1
/// and one bin it is the number that is quoted for terms in [0, 1]: 2952 for d = .05 and t = .025.
/// With p = 1/2 it is 11805, and 39719 for 96 x 64 bins at once.
///
/// Note [Why p is squared]
/// Of the `expected` estimator, R = sum(s M / p) / N, the terms lie in [0, 1/p], and Hoeffding's
/// bound grows with the square of that. The mask-sum estimator is t or more above the true R where
/// sum(M (s - R - t)) >= 0; those terms have a range of 1 and the mean -p t, which gives the same
/// number, and so does t below. F bins at once: each is given d / F of the probability.
/// @throws ConfigError  the bound or the keep probability, in (0, 1], is outside its range; no bin.
[[nodiscard]] std::size_t masks_for_error(const ErrorBound& bound, double keep_probability,
                                          std::size_t bins);

/// How many masks bring a map's noise down to `tolerance` times its contrast, where `masks` brought
/// it to `noise_to_contrast`: N (h / tolerance)^2, rounded up, as noise falls with the root of N;
/// but at least kFewestMasksForNoise.
/// @pre noise_to_contrast is 0 or more.
/// @throws ConfigError  the tolerance is not above 0.
[[nodiscard]] std::size_t forecast_masks(std::size_t masks, double noise_to_contrast,
                                         double tolerance);

}  // namespace relax_spectro
