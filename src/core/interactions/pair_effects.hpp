#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "interactions/cell_patterns.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// How the variance of scores over all patterns divides, in shares that sum to 1. All are 0 if the
/// score never changes.
struct VarianceShares {
  double main = 0.0;   ///< single groups
  double pairs = 0.0;  ///< pairs of groups
  double rest = 0.0;   ///< three and more groups together
};

/// The effects of groups and of their pairs on a score, in its units.
struct PairEffects {
  /// [group, group], symmetric, 0 on the diagonal: how much more a group adds if the other is kept.
  /// Above 0, both are needed together. Below 0, either is enough.
  Array2d<double> interaction;
  std::vector<double> main;  ///< how much a group adds
  /// Of the interactions, [group, group]. Nothing: they have no sampling error.
  std::optional<Array2d<double>> standard_error = {};
  /// Two-sided p values of the interactions, adjusted for all pairs (Holm), with 1 on the diagonal.
  /// Nothing: there is no sampling error.
  std::optional<Array2d<double>> p_adjusted = {};
  std::optional<VarianceShares> variance = {};  ///< nothing: not of all patterns
};

/// Two groups.
struct CellPair {
  std::size_t first = 0;
  std::size_t second = 0;
};

/// All pairs of groups: those with the largest interaction first.
[[nodiscard]] std::vector<CellPair> pairs_by_size(const PairEffects& effects);

/// Whether an interaction is more than rounding, against the largest main effect.
[[nodiscard]] bool is_more_than_rounding(const PairEffects& effects, const CellPair& pair);

/// Whether an interaction is more than chance, or without sampling error more than rounding.
[[nodiscard]] bool is_shown(const PairEffects& effects, const CellPair& pair);

/// The effects over all patterns of the other groups, from balanced_patterns.
///
/// The interaction is the pairwise Faithful Banzhaf index (Tsai, Yeh, Ravikumar, "Faith-Shap", JMLR
/// 24, 2023): the mean of s(1,1) - s(1,0) - s(0,1) + s(0,0), where 1 is kept. It is four times the
/// coefficient of z_i z_j in the least-squares polynomial of order 2, with z = 1 if kept, else -1.
/// The main effect is twice the coefficient of z_i. Columns of whole codes are orthogonal, so each
/// coefficient is a mean.
///
/// The standard error follows from the residuals: what groups of three and more do is random from
/// code to code. p values are those of t.
/// @param scores  of each pattern.
[[nodiscard]] PairEffects average_effects(const CellPatterns& patterns,
                                          std::span<const double> scores);

/// The effects with all other groups kept.
/// @param scores  of each pattern of patterns_near_whole.
[[nodiscard]] PairEffects effects_near_whole(std::size_t groups, std::span<const double> scores);

/// The mean of effects, such as those of the windows of a recording. Standard errors are of
/// independent estimates. p values are adjusted again, and have the normal distribution.
/// @pre not empty, equally many groups
[[nodiscard]] PairEffects mean_effects(std::span<const PairEffects> effects);

}  // namespace relax_spectro
