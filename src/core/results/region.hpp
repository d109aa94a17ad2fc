#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// What a bin of a salient region must reach.
struct RegionThreshold {
  enum class Kind {
    standard_error,  ///< contrast above a multiple of its standard error
    otsu,            ///< contrast above Otsu's threshold of the map, and above 0
    contrast,        ///< contrast above a number
  };
  Kind kind = Kind::standard_error;
  double value = 3.0;  ///< the multiple or the number, 0 or more

  /// Reads `se:Z`, `otsu` or a number. @throws ConfigError  any other text, or a negative number.
  [[nodiscard]] static RegionThreshold parse(std::string_view text);
};

[[nodiscard]] std::string to_string(const RegionThreshold& threshold);

struct RegionOptions {
  RegionThreshold threshold;
  double least_peak = 0.5;  ///< least peak of a region, over the highest of the recording: 0 to 1
  std::optional<std::size_t> most = {};  ///< keep this many, those with the highest peaks

  /// @throws ConfigError
  void validate() const;
};

/// A region around a peak of the contrast.
struct Region {
  TimeFrequencyBox box;  ///< from edge to edge, within the recording
  double peak_contrast = 0.0;
  std::optional<double> standard_errors;  ///< the most that a bin has; nothing: the map has
                                          ///< no random error
  std::string label;                      ///< see region_label
  std::string heard;                      ///< the best classes of the peak's window, best first
};

/// The bins around each peak of a map, highest peak first. Each list begins with the peak.
/// 8-connected bins with a positive value are parted where the value between two peaks falls below
/// half of the lower one, and between frames of different classes. Bins below half of their peak are
/// left out.
/// @param class_of_frame  for each frame.
[[nodiscard]] std::vector<std::vector<std::size_t>> bins_around_peaks(
    const Array2d<double>& map, const std::vector<std::optional<std::size_t>>& class_of_frame);

/// What a region in a window is called: the class that the score measures. For other scores, the
/// class that the model heard best. `salient` if the model has no classes.
[[nodiscard]] std::string region_label(const Result& result, const WindowSummary& window);

/// The bins of a map, row by row, whose contrast reaches the threshold.
/// @throws ConfigError  the threshold needs standard errors, and the map has none.
[[nodiscard]] std::vector<bool> salient_bins(const Result& result,
                                             const RegionThreshold& threshold);

/// The salient regions of a map. 8-connected bins of positive contrast are parted where the contrast
/// between two peaks falls below half of the lower one, and where another class is measured. A
/// region is what lies above half of its peak, and has a bin above the threshold. Regions are sorted
/// by start, then by lowest frequency. Padding frames of a short recording do not count.
/// @param result  with its arrays contrast and standard_error.
/// @throws ConfigError  options out of range, or the threshold needs standard errors and the map
///                      had too few masks for them.
[[nodiscard]] std::vector<Region> salient_regions(const Result& result,
                                                  const RegionOptions& options);

}  // namespace relax_spectro
