#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compare/paired_maps.hpp"

namespace relax_spectro {

/// The most bands of a profile.
inline constexpr std::size_t kProfileBands = 32;

/// Neighbouring bands of an axis that are taken together: band b of the profile has the bins
/// [edges[b], edges[b + 1]). All bands have nearly the same number of bins.
[[nodiscard]] std::vector<std::size_t> profile_edges(std::size_t bins);

/// The mean of each band of a profile, and then of all bins. NaN is left out; a band that has
/// nothing else is 0.
[[nodiscard]] std::vector<double> band_means(const Array2d<double>& map);

}  // namespace relax_spectro
