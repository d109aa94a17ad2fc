#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "interactions/pair_effects.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The effects in one recording, and what a labels table says of it.
struct LabelledEffects {
  std::string label;
  std::string group;  ///< recordings of one group are not independent
  PairEffects effects;
};

/// A mean over groups of recordings, and how sure it is.
struct MeanEffects {
  std::string label;  ///< "A - B" for a difference
  std::size_t recordings = 0;
  std::size_t groups = 0;
  /// Means over the groups' means, without standard errors. p values are two-sided, and family-wise
  /// over all pairs by the largest |t|: by sign flips of groups, or of a difference by exchanging
  /// labels among groups. There are none below two groups.
  PairEffects effects;
  /// 95 % intervals of the interactions by a bootstrap of groups. Nothing below kFewestForInterval
  /// groups, or for a difference.
  std::optional<Array2d<double>> low = {};
  std::optional<Array2d<double>> high = {};
};

/// The effects less others of as many parts, without standard errors and p values.
[[nodiscard]] PairEffects effects_less(PairEffects effects, const PairEffects& others);

/// The mean effects of each label, sorted. If there are two labels, their difference is the last.
/// @pre all have equally many parts
[[nodiscard]] std::vector<MeanEffects> effects_by_label(
    std::span<const LabelledEffects> recordings);

}  // namespace relax_spectro
