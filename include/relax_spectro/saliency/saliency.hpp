#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/base/threshold.hpp"

namespace relax_spectro {

/// How masks and scores become a map. Two algorithms have been published under the name RELAX.
enum class Estimator {
  mask_sum,    ///< R = sum(s M) / sum(M), as in the published package
  expected,    ///< R = sum(s M) / (N p), as printed in the paper. How many masks keep a bin varies
               ///< by chance, which adds noise of variance E[s]^2 (1-p) / (N p) and usually hides
               ///< the map
  regression,  ///< mask-sum map of the residuals of a linear model of the score, plus that model's
               ///< exact map. It estimates the same map from fewer masks; its features are what
               ///< masks keep of each patch of the window
  cells,       ///< for adaptive cells: the effect of each, over its share of the window
  mean_drop,   ///< for a window sweep: the mean drop of the score over windows that mask a bin
};

enum class UncertaintyScale {
  variance,      ///< sum(M (s - R)^2) / sum(M)
  unnormalised,  ///< sum(M (s - R)^2), as in the published package
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] Estimator parse_estimator(std::string_view name);
[[nodiscard]] std::string_view to_string(Estimator estimator);
[[nodiscard]] UncertaintyScale parse_uncertainty_scale(std::string_view name);
[[nodiscard]] std::string_view to_string(UncertaintyScale scale);

/// A saliency map with its uncertainty. All arrays are [frequency, time], in double. With the
/// mask-sum and regression estimators, a bin that no mask kept is NaN in all of them.
struct Saliency {
  Array2d<double> importance;      ///< in units of the score
  Array2d<double> uncertainty;     ///< spread of the score over masks that keep a bin, in squared
                                   ///< units
  Array2d<double> standard_error;  ///< of importance; NaN with fewer than kFewestMasksForNoise
                                   ///< masks, and where one of the blocks kept nothing of a bin
  std::size_t blocks = 0;  ///< number of independent parts of the masks that give the standard
                           ///< error, one more than its degrees of freedom; 0: nothing is random
  /// Noise of the map over its contrast. It is the root mean square standard error of the
  /// mean-removed map, over that map's spatial standard deviation with noise subtracted. Nothing if
  /// the map is not above its noise.
  std::optional<double> noise_to_contrast;
};

/// How REPEAT divides the masks and thresholds the maps.
struct RepeatOptions {
  std::size_t replicates = 10;  ///< 2 or more
  ThresholdKind threshold = ThresholdKind::mean;

  /// @throws ConfigError  fewer than 2 replicates, or more than 1000.
  void validate() const;
};

/// The probability that a bin is salient, and its uncertainty: both [frequency, time], in [0, 1].
struct RepeatMaps {
  Array2d<double> probability;
  Array2d<double> uncertainty;  ///< probability (1 - probability): at most 1/4
};

}  // namespace relax_spectro
