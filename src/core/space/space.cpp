#include "space/space.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <utility>

#include "base/require.hpp"
#include "space/tsne.hpp"

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

/// The order in which average linkage joins labels (Sokal and Michener, Univ. Kansas Sci. Bull. 38,
/// 1958).
Rows average_link_order(const Array2d<double>& cosines) {
  std::vector<Rows> parts;
  for (std::size_t k = 0; k < cosines.rows; ++k) parts.push_back({k});
  const auto mean_of = [&cosines](const Rows& a, const Rows& b) {
    double sum = 0.0;
    for (const std::size_t i : a) {
      for (const std::size_t j : b) sum += cosines(i, j);
    }
    return sum / static_cast<double>(a.size() * b.size());
  };
  while (parts.size() > 1) {
    std::size_t first = 0;
    std::size_t second = 1;
    for (std::size_t a = 0; a < parts.size(); ++a) {
      for (std::size_t b = a + 1; b < parts.size(); ++b) {
        if (mean_of(parts[a], parts[b]) <= mean_of(parts[first], parts[second])) continue;
        first = a;
        second = b;
      }
    }
    parts[first].insert(parts[first].end(), parts[second].begin(), parts[second].end());
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(second));
  }
  return parts.front();
}

}  // namespace

Space study_space(const ProbeData& data, const RecordingEmbeddings& embeddings,
                  const std::vector<SliceColumn>& columns, const SpaceOptions& options) {
  core::require(options.neighbours > 0, "--neighbours is 0, expected 1 or more");
  core::require(
      data.groups.size() > 1,
      "all recordings are of one group, and neighbours are looked for in others; expected "
      "two groups or more");
  core::require(
      options.projection != Projection::tsne || data.files.size() <= kMostTsneRows,
      fmt::format("--project tsne: there are {} recordings, expected at most {}. Take pca, or "
                  "fewer recordings",
                  data.files.size(), kMostTsneRows));
  UnitVectors vectors = unit_vectors(data.rows.features);
  Space space;
  space.mean = std::move(vectors.mean);
  space.known = {std::move(vectors.rows), data.rows.classes, data.rows.groups};
  space.neighbours = find_neighbours(space.known, options.neighbours);
  space.twins = find_twins(space.neighbours, data.files, data.rows.features);
  space.purity = purity_of(space.neighbours, space.known,
                           voters_of(space.known, options.neighbours), options.seed);
  space.times_neighbour = times_neighbour(space.neighbours);
  space.hubness = hubness_of(space.times_neighbour);
  space.silhouettes = silhouettes(space.known, space.known.labels);
  space.label_cosines = label_cosines(space.known, data.labels.size());
  space.label_order = average_link_order(space.label_cosines);
  space.picture = picture_of(space.known.vectors, options.projection);
  if (options.projection == Projection::pca) {
    for_each_copy(space.mean, data, embeddings, [&](const std::string&, const auto& copies) {
      const Array2d<double> points = space.picture.axes.points_of(copies);
      for (std::size_t i = 0; i < points.rows; ++i) append_row(space.picture.copies, points.row(i));
    });
  }
  space.clusters = find_clusters(space.known, options.seed);
  space.reaches =
      study_reach(space.known, space.mean, space.neighbours, data, embeddings, space.purity.voters);
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
