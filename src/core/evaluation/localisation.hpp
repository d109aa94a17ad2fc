#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace relax_spectro {

/// Which values make up the relevance mass.
enum class RelevanceMass {
  all_values,      ///< all, as they are; negative ones take away from it
  positive_values  ///< negative ones count as 0
};

/// What the localisation metrics are taken with.
struct LocalisationOptions {
  /// Bins that the top-k intersection looks at, 1 or more; all, where there are fewer. Nothing: as
  /// many as lie inside, which makes it the relevance rank accuracy.
  std::optional<std::size_t> top_k;
  RelevanceMass mass = RelevanceMass::all_values;
};

/// How well a map lies where annotated events are. All but the pointing game are shares from 0 to
/// 1, higher is better; with negative values in it, the mass accuracy of `all_values` is none.
struct Localisation {
  std::size_t bins = 0;         ///< that were looked at: those whose value is finite
  std::size_t bins_inside = 0;  ///< of these, inside the events; 1 or more
  std::size_t top_k = 0;        ///< bins that the top-k intersection looked at

  /// Whether the largest value lies inside; of several that are equally large, any (Zhang et al.,
  /// Top-Down Neural Attention by Excitation Backprop, IJCV 126, 2018).
  bool pointing_game = false;
  /// Sum of the values inside over the sum of all; nothing where that is 0 (Arras et al.,
  /// CLEVR-XAI, Information Fusion 81, 2022). A map that is constant scores the share of bins
  /// inside.
  std::optional<double> relevance_mass_accuracy;
  /// Share of the `bins_inside` largest values that lie inside (Arras et al., 2022).
  double relevance_rank_accuracy = 0.0;
  /// Share of the `top_k` largest values that lie inside (Theiner et al., WACV 2022).
  double top_k_intersection = 0.0;
  /// Area under the ROC curve of "inside" by value: how likely a bin inside has a larger value than
  /// one outside, equal ones counting half. Nothing where no bin lies outside (Fawcett, Pattern
  /// Recognition Letters 27(8), 2006).
  std::optional<double> auc;
  /// Sum of the absolute values inside over that of all, 0 where all are 0 (Kohlbrenner et al.,
  /// IJCNN 2020).
  double attribution_localisation = 0.0;
};

/// Compares a map with the bins that lie inside annotated events, as Quantus 0.6.0 does with each
/// metric's own defaults. Ties in the two rank metrics go to the bin of the lower index (in Quantus
/// they fall as its sort, which is not stable, leaves them).
/// @param map     one value a bin. Bins whose value is NaN or infinite are left out.
/// @param inside  for each bin, 1: inside an event, 0: outside.
/// @returns nothing where no bin that counts lies inside.
/// @throws ConfigError  the two differ in length, or `top_k` is 0.
[[nodiscard]] std::optional<Localisation> localise(std::span<const double> map,
                                                   std::span<const std::uint8_t> inside,
                                                   const LocalisationOptions& options = {});

}  // namespace relax_spectro
