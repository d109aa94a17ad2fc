#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// The most bands of a profile.
inline constexpr std::size_t kProfileBands = 32;

/// Neighbouring bands of an axis that are taken together: band b of the profile has the bins
/// [edges[b], edges[b + 1]). All bands have nearly the same number of bins.
[[nodiscard]] std::vector<std::size_t> profile_edges(std::size_t bins);

/// From edge to edge, in Hertz.
struct FrequencyRange {
  double low_hz = 0.0;
  double high_hz = 0.0;
};

/// The bands of a profile over the axis of maps.
[[nodiscard]] std::vector<FrequencyRange> profile_bands(const Spectrogram& axes);

/// The mean of each band of a profile, and then of all bins. NaN is left out; a band that has
/// nothing else is 0.
[[nodiscard]] std::vector<double> band_means(const Array2d<double>& map);

}  // namespace relax_spectro
