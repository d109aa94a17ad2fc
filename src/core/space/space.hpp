#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "probe/probe.hpp"
#include "space/clusters.hpp"
#include "space/neighbours.hpp"
#include "space/picture.hpp"
#include "space/reach.hpp"
#include "space/space_scores.hpp"
#include "space/twins.hpp"
#include "space/unit_vectors.hpp"

namespace relax_spectro {

struct SpaceOptions {
  std::size_t neighbours = 10;  ///< of each recording
  std::uint64_t seed = 0;       ///< of resamples and exchanged labels
  Projection projection = Projection::pca;
};

/// How embeddings of recordings with labels lie.
struct Space {
  std::vector<double> mean;  ///< of the embeddings; 1 - cosine around it is the distance
  KnownRows known;
  std::vector<RowNeighbours> neighbours;
  std::vector<Twins> twins;
  Purity purity;
  std::vector<std::size_t> times_neighbour;
  double hubness = 0.0;
  std::vector<double> silhouettes;  ///< of each recording, by label
  Array2d<double> label_cosines;    ///< of the mean vectors of labels, [label, label]
  Rows label_order;                 ///< labels, so that similar ones are beside each other
  ClusterStudy clusters;
  Picture picture;
  std::vector<Reach> reaches;  ///< empty without changed copies
};

/// Studies embeddings of recordings.
/// @param embeddings  those of the data, for their changed copies.
/// @param columns     of the table of labels, which clusters may have in excess.
/// @throws ConfigError  all recordings are of one group, or there is no neighbour to look for. Or
///                      there are more than kMostTsneRows for t-SNE.
[[nodiscard]] Space study_space(const ProbeData& data, const RecordingEmbeddings& embeddings,
                                const std::vector<SliceColumn>& columns,
                                const SpaceOptions& options);

/// The rows whose vote is another label.
[[nodiscard]] Rows bridges_of(const Space& space);

/// The labels of a cluster with their recordings, the commonest first: "owl 12, wren 1".
[[nodiscard]] std::string labels_text(const ClusterSummary& summary, const ProbeData& data);

/// The properties that a cluster has in excess: "site north (p = 0.001)".
[[nodiscard]] std::string excess_text(const ClusterSummary& summary);

/// What was found, for people: twins first.
[[nodiscard]] std::string space_text(const Space& space, const ProbeData& data);

}  // namespace relax_spectro
