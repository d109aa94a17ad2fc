#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/statistics.hpp"
#include "compare/difference_regions.hpp"

namespace relax_spectro {

/// Regions that sound alike, and where the same model listens more.
struct RegionCluster {
  bool more_b = false;       ///< as in its regions
  Rows regions;              ///< the nearest to the centre first
  Rows recordings;           ///< that have one, ascending
  TimeFrequencyBox typical;  ///< the medians of the regions' bands; from 0 to their median duration
};

/// Divides the regions of either model by their descriptions (see k_means), and sets the cluster of
/// each. Regions where the other model listens more are divided apart: in one cluster they would
/// cancel.
/// @param count  of clusters for either model. Nothing: half the square root of its number of regions,
///               3 to 10.
[[nodiscard]] std::vector<RegionCluster> cluster_regions(std::vector<DifferenceRegion>& regions,
                                                         std::optional<std::size_t> count,
                                                         std::uint64_t seed);

}  // namespace relax_spectro
