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
    standard_error,  ///< contrast above a multiple of its standard error
  };
  Kind kind = Kind::otsu;
  double standard_errors = 0.0;  ///< the multiple, for that kind

  /// Reads `otsu` or `se:Z`. @throws ConfigError  any other text.
  [[nodiscard]] static RegionThreshold parse(std::string_view text);
};

[[nodiscard]] std::string to_string(const RegionThreshold& threshold);

struct RegionOptions {
  RegionThreshold threshold;
  std::size_t min_bins = 25;  ///< smaller regions are dropped

  /// @throws ConfigError
  void validate() const;
};

/// An 8-connected region of salient bins.
struct Region {
  TimeFrequencyBox box;  ///< from edge to edge, within the recording
  std::size_t bins = 0;
  double peak_importance = 0.0;  ///< importance at the largest contrast
  double mean_contrast = 0.0;
};

/// The salient regions of a map: 8-connected regions above the threshold. They are sorted by start,
/// then by lowest frequency. Padding frames of a short recording do not count.
/// @param result  with its arrays importance, contrast and standard_error.
/// @throws ConfigError  options out of range, or the threshold needs standard errors that the map
///                      does not have.
[[nodiscard]] std::vector<Region> salient_regions(const Result& result,
                                                  const RegionOptions& options);

}  // namespace relax_spectro
