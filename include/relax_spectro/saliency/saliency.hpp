#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/base/threshold.hpp"

namespace relax_spectro {

/// How masks and scores become a map. Two algorithms are published under the name RELAX.
enum class Estimator {
  mask_sum,    ///< R = sum(s M) / sum(M), as the published package does
  expected,    ///< R = sum(s M) / (N p), as the paper prints. The noise of the number of masks that
               ///< happen to keep a bin, E[s]^2 (1-p) / (N p), goes into the map and usually drowns
               ///< it
  regression,  ///< the mask-sum map of what a linear model of the score, fitted to how much masks
               ///< keep of each patch of the window, leaves over, plus that model's own map, which
               ///< is exact: the same map from fewer masks
  mean_drop,   ///< a window sweep's: the mean drop of the score over the windows that mask a bin
};

enum class UncertaintyScale {
  variance,      ///< sum(M (s - R)^2) / sum(M)
  unnormalised,  ///< sum(M (s - R)^2), the published package's
};

/// @throws ConfigError  no such name; the message lists those there are.
[[nodiscard]] Estimator parse_estimator(std::string_view name);
[[nodiscard]] std::string_view to_string(Estimator estimator);
[[nodiscard]] UncertaintyScale parse_uncertainty_scale(std::string_view name);
[[nodiscard]] std::string_view to_string(UncertaintyScale scale);

/// A saliency map and how sure it is. All arrays are [frequency, time], in double. With the
/// mask-sum and the regression estimator, a bin that no mask kept has NaN in each.
struct Saliency {
  Array2d<double> importance;   ///< in units of the score
  Array2d<double> uncertainty;  ///< spread of the score over the masks that keep a bin, its square
  Array2d<double> standard_error;  ///< of importance; NaN with fewer than
                                   ///< kFewestMasksForNoise, and where an eighth of
                                   ///< the masks kept nothing of a bin
  std::size_t blocks = 0;  ///< independent parts of the masks that the standard error is taken from
                           ///< (its degrees of freedom are one less); 0: nothing is random
  /// Noise of the map over its contrast: the root mean square standard error of the mean-removed
  /// map over that map's own spatial standard deviation, noise subtracted. Nothing where the map
  /// does not rise above its noise.
  std::optional<double> noise_to_contrast;
};

/// How REPEAT parts masks and maps.
struct RepeatOptions {
  std::size_t replicates = 10;  ///< 2 or more
  ThresholdKind threshold = ThresholdKind::mean;

  /// @throws ConfigError  fewer than 2 replicates, or more than 1000.
  void validate() const;
};

/// How likely a bin is salient, and how sure that is: both [frequency, time], in [0, 1].
struct RepeatMaps {
  Array2d<double> probability;
  Array2d<double> uncertainty;  ///< probability (1 - probability): at most 1/4
};

}  // namespace relax_spectro
