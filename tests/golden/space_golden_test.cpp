#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "base/k_means.hpp"
#include "files/npz.hpp"
#include "space/neighbours.hpp"
#include "space/picture.hpp"
#include "space/space_scores.hpp"
#include "space/unit_vectors.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

const NumericArray& golden(const std::string& name, std::size_t set) {
  static const std::map<std::string, NumericArray> kArrays =
      read_npz(std::filesystem::path(RELAX_SPECTRO_GOLDEN_SMALL) / "space.npz");
  return kArrays.at(fmt::format("{}_{}", name, set));
}

Rows numbers(const std::string& name, std::size_t set) {
  Rows rows;
  for (const double value : golden(name, set).values)
    rows.push_back(static_cast<std::size_t>(value));
  return rows;
}

double difference_from(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    largest = std::max(largest, std::abs(found[i] - expected[i]));
  }
  return largest;
}

Array2d<double> vectors_of(const std::string& name, std::size_t set) {
  const NumericArray& raw = golden(name, set);
  Array2d<double> embeddings(raw.shape[0], raw.shape[1]);
  embeddings.values = raw.values;
  return unit_vectors(embeddings).rows;
}

/// Each row is a group of its own, as for scikit-learn.
KnownRows rows_of_set(std::size_t set) {
  KnownRows known{vectors_of("embedding", set), numbers("label", set), {}};
  for (std::size_t i = 0; i < known.labels.size(); ++i) known.groups.push_back(i);
  return known;
}

}  // namespace

TEST_CASE("neighbours, purity, silhouettes and the Rand index are scikit-learn's", "[space]") {
  const auto set = GENERATE(as<std::size_t>(), 0, 1, 2);
  const KnownRows known = rows_of_set(set);
  const std::size_t count = golden("nearest", set).shape[1];
  const std::vector<RowNeighbours> found = find_neighbours(known, count);
  Rows nearest;
  std::vector<double> distances;
  for (const RowNeighbours& row : found) {
    for (const Neighbour& one : row.nearest) {
      nearest.push_back(one.row);
      distances.push_back(1.0 - one.cosine);
    }
  }
  CHECK(nearest == numbers("nearest", set));
  const double by_distance = difference_from(distances, golden("distance", set).values);
  const double by_purity =
      difference_from(purity_of(found, known, count, 0).of_row, golden("purity", set).values);
  const double by_silhouette =
      difference_from(silhouettes(known, known.labels), golden("silhouette", set).values);
  fmt::print("set {}: distances {:.1e}, purity {:.1e}, silhouettes {:.1e}\n", set, by_distance,
             by_purity, by_silhouette);
  CHECK(by_distance <= 1e-12);
  CHECK(by_purity <= 1e-12);
  CHECK(by_silhouette <= 1e-12);
  CHECK(std::abs(adjusted_rand_index(known.labels, numbers("other", set)) -
                 golden("rand_index", set).values[0]) <= 1e-12);
}

TEST_CASE("the picture is scikit-learn's PCA, and its trustworthiness too", "[space]") {
  const auto set = GENERATE(as<std::size_t>(), 0, 1, 2);
  const Picture picture = picture_of(rows_of_set(set).vectors, Projection::pca);
  const double by_points = difference_from(picture.points.values, golden("pca", set).values);
  const double by_trust = std::abs(picture.trustworthiness - golden("pca_trust", set).values[0]);
  fmt::print("set {}: points {:.1e}, trustworthiness {:.1e}\n", set, by_points, by_trust);
  CHECK(by_points <= 1e-9);
  CHECK(by_trust <= 1e-12);
}

TEST_CASE("t-SNE is as near to the vectors as scikit-learn's exact method", "[space]") {
  const auto set = GENERATE(as<std::size_t>(), 0, 1);
  const Picture picture = picture_of(vectors_of("tsne_embedding", set), Projection::tsne);
  const double divergence = golden("tsne_divergence", set).values[0];
  const double trust = golden("tsne_trust", set).values[0];
  fmt::print("set {}: divergence {:.4f}, scikit-learn {:.4f}; trustworthiness {:.4f}, {:.4f}\n",
             set, picture.divergence, divergence, picture.trustworthiness, trust);
  CHECK(picture.divergence == Approx(divergence).epsilon(0.02));
  CHECK(picture.trustworthiness >= trust - 0.005);
}
