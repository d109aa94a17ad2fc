#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Holm's adjusted p values of several tests (Scand. J. Statist. 6(2), 1979). A p value of at most
/// .05 is then a finding with a family-wise error of .05.
/// @param p  of each test, from 0 to 1.
[[nodiscard]] std::vector<double> holm(std::span<const double> p);

/// The number of random draws of a test.
inline constexpr std::size_t kTestDraws = 9999;

/// The family-wise p values of several tests by the largest |t| (Westfall and Young,
/// Resampling-Based Multiple Testing, 1993): the share of draws, the data included, whose largest
/// |t| is at least the test's own. The smallest possible value is 1 / (draws + 1).
/// @param t       of each test.
/// @param drawn   computes the t of all tests, for data drawn without any effect.
[[nodiscard]] std::vector<double> max_t_p(
    std::span<const double> t, const std::function<std::vector<double>(std::size_t draw)>& drawn,
    std::size_t draws = kTestDraws);

/// What sign flips say of several means.
struct SignFlipTest {
  std::vector<double> t;  ///< of each test: the mean over its standard error; 0 if all values are 0
  std::vector<double> p;  ///< family-wise, two-sided
};

/// Tests whether means of paired differences are 0. Each draw turns the signs of whole units, so
/// that tests of one unit may depend on each other. Up to 13 units all signs are tried, otherwise
/// kTestDraws random ones.
/// @param differences  [unit, test]: independent units, symmetric about 0 if there is no effect.
/// @pre there are two units or more
[[nodiscard]] SignFlipTest sign_flip_test(const Array2d<double>& differences,
                                          std::uint64_t seed = 0);

/// The smallest p value that sign_flip_test can give: data and all their signs turned are alike.
/// Two units give 0.5, six 0.031. @pre there is a unit
[[nodiscard]] double smallest_sign_flip_p(std::size_t units);

}  // namespace relax_spectro
