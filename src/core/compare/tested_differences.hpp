#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/statistics.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// A mean over units, and its 95 % interval by a bootstrap of units. No interval: there are fewer
/// than kFewestForInterval units.
struct UnitMean {
  double value = 0.0;
  std::optional<Interval> interval;
};

/// How two models differ in a quantity.
struct TestedDifference {
  std::size_t units = 0;  ///< that have the quantity
  UnitMean a;
  UnitMean b;
  UnitMean difference;  ///< b - a
  double t = 0.0;       ///< of the difference of the quantities, over all units
  double p = 1.0;       ///< two-sided, family-wise over all quantities of all families
};

/// What two models do in independent units: [unit, quantity]. NaN where a unit lacks a quantity, in
/// both.
struct PairedQuantities {
  Array2d<double> a;
  Array2d<double> b;
  /// What the quantities are sums over, [unit, quantity]: means are the sum of the quantities over
  /// that of the sizes. Empty: 1 each.
  Array2d<double> sizes = {};
};

/// Tests families of quantities by sign flips of units (see sign_flip_test). p values hold for all
/// quantities of all families: those of a family are multiplied by the number of families that have
/// any (Bonferroni). So many quantities of one family do not take the power of another. Exchanging
/// the models changes signs only.
/// @pre there are two units or more
/// @returns  for each family, of each of its quantities
[[nodiscard]] std::vector<std::vector<TestedDifference>> test_families(
    std::span<const PairedQuantities> families, std::uint64_t seed);

}  // namespace relax_spectro
