#include "space/clusters.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/draw_stream.hpp"
#include "space/unit_vectors.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Normal noise around random centres, four times as far apart.
KnownRows blobs(std::size_t count, std::size_t rows_of_each, std::uint64_t seed) {
  constexpr std::size_t kSize = 16;
  core::DrawStream draws(seed, count, core::DrawsFor::added_noise);
  Array2d<double> centres(count, kSize);
  for (double& value : centres.values) value = 4.0 * core::normal_pair(draws)[0];
  Array2d<double> rows(count * rows_of_each, kSize);
  KnownRows known;
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (std::size_t c = 0; c < kSize; ++c) {
      rows(i, c) = centres(i % count, c) + core::normal_pair(draws)[0];
    }
    known.labels.push_back(i % count);
    known.groups.push_back(i);
  }
  known.vectors = unit_vectors(rows).rows;
  return known;
}

}  // namespace

TEST_CASE("as many clusters are found as there are blobs, and none in one blob") {
  const KnownRows five = blobs(5, 12, 1);
  const ClusterStudy found = find_clusters(five, 0);
  REQUIRE(found.clusters);
  CHECK(found.summaries.size() == 5);
  CHECK(found.rand_index == 1.0);
  CHECK(found.stability[found.most_stable()] > 0.95);
  const ClusterStudy none = find_clusters(blobs(1, 60, 1), 0);
  CHECK_FALSE(none.clusters);
  CHECK(none.stability.size() == 11);
  CHECK(find_clusters(blobs(2, 4, 1), 0).stability.empty());
}

TEST_CASE("a cluster has in excess what its groups have, and not what one group repeats") {
  KnownRows known = blobs(3, 20, 2);
  SliceColumn site{"site", {}};
  SliceColumn day{"day", {}};
  SliceColumn kit{"kit", {}};  // almost all have one value
  std::size_t last_group = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    known.groups[i] = i % 3 == 1 ? 0 : ++last_group;  // blob 1 is a group
    site.values.emplace_back(i % 3 == 0 ? "north" : "south");
    day.values.push_back(i % 3 == 1 ? "Monday" : std::to_string(i % 2));
    kit.values.emplace_back(i == 0 ? "old" : "new");
  }
  ClusterStudy study = find_clusters(known, 0);
  REQUIRE(study.summaries.size() == 3);
  name_clusters(study, known, {site, day, kit});
  REQUIRE(study.summaries[0].excess.size() == 1);
  CHECK(study.summaries[0].excess[0].value == "north");
  CHECK(study.summaries[0].excess[0].p < 1e-6);
  CHECK(study.summaries[0].labels == Rows{20, 0, 0});
  CHECK(study.summaries[1].excess.empty());
}

TEST_CASE("the number of blobs is found in 95 of 100 data sets", "[.coverage]") {
  const auto count = GENERATE(as<std::size_t>(), 1, 2, 5, 10, 20);
  std::size_t right = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ClusterStudy found = find_clusters(blobs(count, count == 1 ? 60 : 12, seed), 0);
    right += found.clusters.has_value() == (count > 1) &&
             (count == 1 || found.summaries.size() == count);
  }
  WARN(count << " blobs: right in " << right << " of 100");
  CHECK(right >= 95);
}
