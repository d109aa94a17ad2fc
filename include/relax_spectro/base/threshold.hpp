#pragma once

#include <span>
#include <string_view>

namespace relax_spectro {

/// How values are parted into low and high ones.
enum class ThresholdKind {
  mean,      ///< at their mean
  otsu,      ///< where the two parts differ most (Otsu, IEEE Trans. SMC 9(1), 1979)
  triangle,  ///< farthest below the line from the histogram's peak to its far end (Zack, Rogers and
             ///< Latt, J. Histochem. Cytochem. 25(7), 1977)
};

/// @throws ConfigError  no such threshold; the message lists those there are.
[[nodiscard]] ThresholdKind parse_threshold(std::string_view name);
[[nodiscard]] std::string_view to_string(ThresholdKind kind);

/// The threshold of some values: high ones lie above it. `otsu` and `triangle` take it from a
/// histogram of 256 equal bins from the least to the greatest, at the centre of a bin. NaN is left
/// out. Values that are all alike are their own threshold: none is high.
[[nodiscard]] double threshold_of(std::span<const double> values, ThresholdKind kind);

}  // namespace relax_spectro
