#pragma once

#include <string>
#include <string_view>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/region.hpp"

namespace relax_spectro {

/// How much of each bin belongs to the salient part.
struct Selection {
  enum class Kind {
    contrast,   ///< from none at the median of the contrast to all at its 95 % quantile
    top,        ///< the bins with the highest contrast
    threshold,  ///< the bins whose contrast reaches a threshold
    regions,    ///< each region for itself
  };
  Kind kind = Kind::contrast;
  double share = 0.0;         ///< of all bins, for `top`: above 0, up to 1
  RegionThreshold threshold;  ///< for `threshold` and `regions`

  /// Reads `contrast`, `top:SHARE`, `se:Z`, `otsu` or `regions`. @throws ConfigError
  [[nodiscard]] static Selection parse(std::string_view text);

  /// Whether it needs the standard errors of a map.
  [[nodiscard]] bool needs_standard_error() const {
    return kind == Kind::threshold || kind == Kind::regions;
  }
};

[[nodiscard]] std::string to_string(const Selection& selection);

/// The weight of each bin, 0 to 1. 0 where the map is NaN.
/// @param result  with its contrast and standard errors.
/// @pre  the selection is not of regions.
/// @throws ConfigError  the threshold needs standard errors, and the map has none.
[[nodiscard]] Array2d<float> salient_weight(const Result& result, const Selection& selection);

}  // namespace relax_spectro
