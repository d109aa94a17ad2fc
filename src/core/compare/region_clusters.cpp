#include "compare/region_clusters.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/k_means.hpp"

namespace relax_spectro {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::size_t chosen_count(std::size_t regions) {
  const double half = std::round(std::sqrt(static_cast<double>(regions)) / 2.0);
  return std::clamp<std::size_t>(static_cast<std::size_t>(half), 3, 10);
}

RegionCluster described(Rows rows, const std::vector<DifferenceRegion>& regions) {
  RegionCluster cluster{regions[rows.front()].more_b, std::move(rows), {}, {}};
  std::set<std::size_t> recordings;
  std::vector<double> low_hz;
  std::vector<double> high_hz;
  std::vector<double> duration_s;
  for (const std::size_t r : cluster.regions) {
    recordings.insert(regions[r].recording);
    low_hz.push_back(regions[r].box.low_hz);
    high_hz.push_back(regions[r].box.high_hz);
    duration_s.push_back(regions[r].box.end_s - regions[r].box.begin_s);
  }
  cluster.recordings.assign(recordings.begin(), recordings.end());
  cluster.typical = {0.0, median(duration_s), median(low_hz), median(high_hz)};
  return cluster;
}

/// Divides some of the regions, and appends their clusters.
void divide(const Rows& members, std::vector<DifferenceRegion>& regions,
            std::optional<std::size_t> count, std::uint64_t seed,
            std::vector<RegionCluster>& clusters) {
  if (members.empty()) return;
  Array2d<double> rows;
  for (const std::size_t r : members) append_row(rows, regions[r].description);
  const Clusters found =
      k_means(rows, std::min(count.value_or(chosen_count(rows.rows)), rows.rows), seed);
  std::vector<Rows> of_cluster(found.centres.rows);
  std::vector<double> distances(regions.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const std::size_t cluster = found.of_row[i];
    regions[members[i]].cluster = clusters.size() + cluster;
    of_cluster[cluster].push_back(members[i]);
    for (std::size_t k = 0; k < rows.columns; ++k) {
      const double offset = rows(i, k) - found.centres(cluster, k);
      distances[members[i]] += offset * offset;
    }
  }
  for (Rows& some : of_cluster) {
    std::ranges::stable_sort(some, {}, [&](std::size_t r) { return distances[r]; });
    clusters.push_back(described(std::move(some), regions));
  }
}

}  // namespace

std::vector<RegionCluster> cluster_regions(std::vector<DifferenceRegion>& regions,
                                           std::optional<std::size_t> count, std::uint64_t seed) {
  std::vector<RegionCluster> clusters;
  for (const bool more_b : {false, true}) {
    Rows members = all_rows(regions.size());
    std::erase_if(members, [&](std::size_t r) { return regions[r].more_b != more_b; });
    divide(members, regions, count, seed, clusters);
  }
  return clusters;
}

}  // namespace relax_spectro
