#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "compare/paired_maps.hpp"
#include "relax_spectro/masks/window_sweep.hpp"

namespace relax_spectro {

/// A part of a recording where one model's map is above the other's.
struct DifferenceRegion {
  std::size_t recording = 0;  ///< index
  TimeFrequencyBox box;
  bool more_b = false;  ///< whether the masks that chose it have b above a, or a above b
  std::size_t bins = 0;
  double a = 0.0;  ///< mean contrast over its bins, in units of the scale, from masks that did not
                   ///< choose the region
  double b = 0.0;
  double share = 0.0;  ///< its share of the map's bins, halved because both halves of the masks
                       ///< have the recording's regions
  std::vector<double> description;  ///< see describe_region
  std::size_t cluster = 0;
};

/// What a region sounds like, without its pitch or duration being changed. First come kProfileBands
/// means over its bins of the level above the recording's floor, in the bands of the profile and of
/// unit length; 0 outside of the region. Then, each times 0.3: how much bands differ, how much the
/// loudest bands stand out, how much the level changes in time, and the logarithm of the duration in
/// seconds.
/// @param floor  a level in units of the spectrogram.
/// @param bins   of the spectrogram.
[[nodiscard]] std::vector<double> describe_region(const Spectrogram& spectrogram, double floor,
                                                  const std::vector<std::size_t>& bins);

/// The regions where one map is above the other, of at least 25 bins, with a peak above Otsu's
/// threshold. Regions of one half of the masks are measured on the other half, so that no region is
/// measured with the noise that chose it.
/// @param halves  the maps of both halves of the masks, in units of the models' scales.
[[nodiscard]] std::vector<DifferenceRegion> difference_regions(
    const std::array<PairedMaps, 2>& halves, std::size_t recording);

}  // namespace relax_spectro
