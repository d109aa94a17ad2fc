#include "space/space.hpp"

#include <cmath>
#include <utility>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

Array2d<double> label_cosines(const KnownRows& known, std::size_t label_count) {
  Array2d<double> sums(label_count, known.vectors.columns);
  for (std::size_t i = 0; i < known.labels.size(); ++i) {
    for (std::size_t c = 0; c < sums.columns; ++c) sums(known.labels[i], c) += known.vectors(i, c);
  }
  Array2d<double> products(label_count, label_count);
  for (std::size_t a = 0; a < label_count; ++a) {
    for (std::size_t b = 0; b < label_count; ++b) {
      for (std::size_t c = 0; c < sums.columns; ++c) products(a, b) += sums(a, c) * sums(b, c);
    }
  }
  Array2d<double> cosines = products;
  for (std::size_t a = 0; a < label_count; ++a) {
    for (std::size_t b = 0; b < label_count; ++b) {
      const double lengths = std::sqrt(products(a, a) * products(b, b));
      cosines(a, b) = lengths > 0.0 ? products(a, b) / lengths : 0.0;
    }
  }
  return cosines;
}

}  // namespace

Space study_space(const ProbeData& data, const std::vector<SliceColumn>& columns,
                  const SpaceOptions& options) {
  core::require(options.neighbours > 0, "--neighbours is 0, expected 1 or more");
  core::require(
      data.groups.size() > 1,
      "all recordings are of one group, and neighbours are looked for in others; expected "
      "two groups or more");
  UnitVectors vectors = unit_vectors(data.rows.features);
  Space space;
  space.mean = std::move(vectors.mean);
  space.known = {std::move(vectors.rows), data.rows.classes, data.rows.groups};
  space.neighbours = find_neighbours(space.known, options.neighbours);
  space.twins = find_twins(space.neighbours, data.files);
  space.purity = purity_of(space.neighbours, space.known, options.seed);
  space.times_neighbour = times_neighbour(space.neighbours);
  space.hubness = hubness_of(space.times_neighbour);
  space.silhouettes = silhouettes(space.known, space.known.labels);
  space.label_cosines = label_cosines(space.known, data.labels.size());
  space.clusters = find_clusters(space.known, options.seed);
  name_clusters(space.clusters, space.known, columns);
  return space;
}

Rows bridges_of(const Space& space) {
  Rows bridges;
  for (std::size_t i = 0; i < space.purity.vote.size(); ++i) {
    if (space.purity.vote[i] != space.known.labels[i]) bridges.push_back(i);
  }
  return bridges;
}

}  // namespace relax_spectro
