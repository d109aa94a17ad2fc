#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace relax_spectro {

/// Which values count as relevance mass.
enum class RelevanceMass {
  all_values,      ///< all values as they are; negative ones reduce the mass
  positive_values  ///< negative ones count as 0
};

/// Options of the localisation metrics.
struct LocalisationOptions {
  /// The number of bins for the top-k intersection, 1 or more; limited to the map's bins. Nothing:
  /// as many as lie inside, which gives the relevance rank accuracy.
  std::optional<std::size_t> top_k;
  RelevanceMass mass = RelevanceMass::all_values;
};

/// How well a map localises annotated events. All metrics except the pointing game are fractions
/// from 0 to 1, and higher is better. One exception: with negative values, the mass accuracy of
/// `all_values` may leave that range.
struct Localisation {
  std::size_t bins = 0;         ///< number of finite bins
  std::size_t bins_inside = 0;  ///< number of these inside the events; 1 or more
  std::size_t top_k = 0;        ///< number of bins used for the top-k intersection

  /// Whether the largest value is inside. If several are equally large, any of them may be (Zhang
  /// et al., Top-Down Neural Attention by Excitation Backprop, IJCV 126, 2018).
  bool pointing_game = false;
  /// Sum of the values inside divided by the sum of all; nothing if that is 0 (Arras et al.,
  /// CLEVR-XAI, Information Fusion 81, 2022). For a constant map it is the fraction of bins inside.
  std::optional<double> relevance_mass_accuracy;
  /// Fraction of the `bins_inside` largest values that are inside (Arras et al., 2022).
  double relevance_rank_accuracy = 0.0;
  /// Fraction of the `top_k` largest values that are inside (Theiner et al., WACV 2022).
  double top_k_intersection = 0.0;
  /// Area under the ROC curve for detecting "inside" from the value. It is the probability that a
  /// bin inside has a larger value than one outside, with ties counting half. Nothing if no bin is
  /// outside (Fawcett, Pattern Recognition Letters 27(8), 2006).
  std::optional<double> auc;
  /// Sum of the absolute values inside divided by that of all; 0 if all are 0 (Kohlbrenner et al.,
  /// IJCNN 2020).
  double attribution_localisation = 0.0;
};

/// Compares a map with the bins inside annotated events, using the default of each metric in
/// Quantus 0.6.0. In the two rank metrics, ties go to the lower index. In Quantus they depend on
/// its sort, which is not stable.
/// @param map     one value for each bin. NaN and infinite bins are ignored.
/// @param inside  for each bin, 1: inside an event, 0: outside.
/// @returns nothing if no finite bin is inside.
/// @throws ConfigError  the two differ in length, or `top_k` is 0.
[[nodiscard]] std::optional<Localisation> localise(std::span<const double> map,
                                                   std::span<const std::uint8_t> inside,
                                                   const LocalisationOptions& options = {});

}  // namespace relax_spectro
