#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// Which bins of a map are salient.
struct RegionThreshold {
  enum class Kind {
    otsu,            ///< contrast above Otsu's threshold of the map, and above 0
    standard_error,  ///< contrast above so many of its standard errors
  };
  Kind kind = Kind::otsu;
  double standard_errors = 0.0;  ///< of that kind

  /// Reads `otsu` or `se:Z`. @throws ConfigError  neither.
  [[nodiscard]] static RegionThreshold parse(std::string_view text);
};

[[nodiscard]] std::string to_string(const RegionThreshold& threshold);

struct RegionOptions {
  RegionThreshold threshold;
  std::size_t min_bins = 25;  ///< smaller ones are dropped

  /// @throws ConfigError
  void validate() const;
};

/// Salient bins that hang together.
struct Region {
  TimeFrequencyBox box;  ///< from edge to edge; not beyond the recording's end
  std::size_t bins = 0;
  double peak_importance = 0.0;  ///< importance where the contrast is largest
  double mean_contrast = 0.0;
};

/// The salient regions of a map: bins above the threshold that touch along an edge or at a corner,
/// in the order of their beginnings, of these of their lowest frequencies. Frames that a short
/// recording was padded with do not count.
/// @param result  with its arrays importance, contrast and standard_error.
/// @throws ConfigError  options out of range; or standard errors are asked for, and the map has
///                      none.
[[nodiscard]] std::vector<Region> salient_regions(const Result& result,
                                                  const RegionOptions& options);

}  // namespace relax_spectro
