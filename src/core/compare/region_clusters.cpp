#include "compare/region_clusters.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "base/k_means.hpp"

namespace relax_spectro {
namespace {

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::size_t chosen_count(std::size_t regions) {
  const double root = std::round(std::sqrt(static_cast<double>(regions) / 2.0));
  return std::clamp<std::size_t>(static_cast<std::size_t>(root), 6, 20);
}

RegionCluster described(Rows rows, const std::vector<DifferenceRegion>& regions) {
  RegionCluster cluster{std::move(rows), {}, {}};
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

}  // namespace

std::vector<RegionCluster> cluster_regions(std::vector<DifferenceRegion>& regions,
                                           std::optional<std::size_t> count, std::uint64_t seed) {
  if (regions.empty()) return {};
  Array2d<double> rows;
  for (const DifferenceRegion& region : regions) append_row(rows, region.description);
  const Clusters found =
      k_means(rows, std::min(count.value_or(chosen_count(rows.rows)), rows.rows), seed);
  std::vector<Rows> members(found.centres.rows);
  std::vector<double> distances;
  for (std::size_t r = 0; r < regions.size(); ++r) {
    regions[r].cluster = found.of_row[r];
    members[found.of_row[r]].push_back(r);
    double squares = 0.0;
    for (std::size_t k = 0; k < rows.columns; ++k) {
      const double offset = rows(r, k) - found.centres(found.of_row[r], k);
      squares += offset * offset;
    }
    distances.push_back(squares);
  }
  std::vector<RegionCluster> clusters;
  for (Rows& of_cluster : members) {
    std::ranges::stable_sort(of_cluster, {}, [&](std::size_t r) { return distances[r]; });
    clusters.push_back(described(std::move(of_cluster), regions));
  }
  return clusters;
}

}  // namespace relax_spectro
