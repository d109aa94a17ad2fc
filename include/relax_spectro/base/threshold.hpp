#pragma once

#include <span>
#include <string_view>

namespace relax_spectro {

/// Where values are divided into low and high ones.
enum class ThresholdKind {
  mean,      ///< at their mean
  otsu,      ///< where the two groups differ most (Otsu, IEEE Trans. SMC 9(1), 1979)
  triangle,  ///< farthest below the line from the histogram's peak to its far end (Zack, Rogers and
             ///< Latt, J. Histochem. Cytochem. 25(7), 1977)
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] ThresholdKind parse_threshold(std::string_view name);
[[nodiscard]] std::string_view to_string(ThresholdKind kind);

/// The threshold of some values: high values lie above it. `otsu` and `triangle` use a histogram of
/// 256 equal bins from the smallest to the largest value, and return the centre of a bin. NaN is
/// ignored. If all values are equal, the threshold is that value, and none is high.
[[nodiscard]] double threshold_of(std::span<const double> values, ThresholdKind kind);

}  // namespace relax_spectro
