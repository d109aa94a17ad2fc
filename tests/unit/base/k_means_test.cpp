#include "base/k_means.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("k-means finds blobs, and numbers them as rows name them") {
  constexpr std::size_t kBlobs = 6;
  std::mt19937 generator(3);
  std::normal_distribution<double> noise;
  Array2d<double> rows;
  for (std::size_t i = 0; i < 120; ++i) {
    const auto blob = static_cast<double>(i % kBlobs);
    append_row(rows, std::vector{10.0 * blob + noise(generator), blob * blob + noise(generator)});
  }
  const Clusters clusters = k_means(rows, kBlobs);
  for (std::size_t i = 0; i < rows.rows; ++i) CHECK(clusters.of_row[i] == i % kBlobs);
  CHECK(clusters.centres(2, 0) == Approx(20.0).margin(1.0));
  CHECK(clusters.inertia == Approx(2.0 * 114.0).epsilon(0.2));
  CHECK(nearest_centres(rows, clusters.centres) == clusters.of_row);
  CHECK(k_means(rows, kBlobs).inertia == clusters.inertia);
}

TEST_CASE("k-means gives the best clusters of a few points") {
  // Of all splits of 0, 1, 2, 6, 7 into two, {0, 1, 2} and {6, 7} has the least sum: 2 + 0.5.
  Array2d<double> rows(5, 1);
  rows.values = {0.0, 1.0, 2.0, 6.0, 7.0};
  CHECK(k_means(rows, 2).inertia == Approx(2.5));
  CHECK(k_means(rows, 5).inertia == 0.0);
}

TEST_CASE("the adjusted Rand index is 1 of equal clusterings, and 0 on average of unrelated ones") {
  CHECK(adjusted_rand_index({0, 0, 1, 1}, {5, 5, 2, 2}) == 1.0);
  CHECK(adjusted_rand_index({0, 0, 1, 1}, {0, 1, 0, 1}) == Approx(-0.5));
  CHECK(adjusted_rand_index({0, 0, 0, 1, 1, 1}, {0, 0, 1, 1, 2, 2}) == Approx(0.24242424));
  CHECK(adjusted_rand_index({0, 0, 0}, {0, 0, 0}) == 1.0);
}

TEST_CASE("equal rows are one cluster") {
  const Array2d<double> rows(4, 3, 1.0);
  CHECK(k_means(rows, 3).centres.rows == 1);
}
