#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/statistics.hpp"
#include "compare/difference_regions.hpp"

namespace relax_spectro {

/// Regions that sound alike.
struct RegionCluster {
  Rows regions;              ///< the nearest to the centre first
  Rows recordings;           ///< that have one, ascending
  TimeFrequencyBox typical;  ///< the medians of the regions' bands; from 0 to their median duration
};

/// Divides regions by their descriptions (see k_means), and sets the cluster of each.
/// @param count  of clusters. Nothing: the square root of half the regions, 6 to 20.
[[nodiscard]] std::vector<RegionCluster> cluster_regions(std::vector<DifferenceRegion>& regions,
                                                         std::optional<std::size_t> count,
                                                         std::uint64_t seed);

}  // namespace relax_spectro
