#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compare/band_profile.hpp"
#include "compare/paired_results.hpp"
#include "compare/region_clusters.hpp"
#include "compare/tested_differences.hpp"
#include "files/labels_table.hpp"

namespace relax_spectro {

struct CompareOptions {
  std::uint64_t seed = 0;               ///< of sign flips and resamples
  bool ignore_options = false;          ///< compare results that were made with other options
  std::optional<std::size_t> clusters;  ///< nothing: see cluster_regions
};

/// How two models differ in a band, over recordings.
struct BandDifference {
  std::string label;                   ///< of the recordings; empty: all recordings
  std::optional<FrequencyRange> band;  ///< nothing: all bands together
  TestedDifference tested;             ///< of the mean contrast, in units of the models' scales
};

/// How two models differ in one recording.
struct RecordingDifference {
  SourceFile recording;
  std::string label;
  std::string group;
  std::optional<double> correlation;  ///< Pearson's, of both maps
  double rms_a = 0.0;                 ///< root mean square contrast, over the model's scale
  double rms_b = 0.0;
  double difference = 0.0;  ///< mean of b less a, in units of the scales
};

/// How two models differ in regions that sound alike.
struct ClusterDifference {
  RegionCluster cluster;
  /// The means are of the contrast over the regions' bins, in units of the scales. What is tested is
  /// the sum over a unit's regions, over the map's bins: 0 without regions. Nothing: too few
  /// recordings have such regions, fewer than kFewestForInterval.
  std::optional<TestedDifference> tested;
};

/// What two models listen to, over the same recordings.
struct ModelComparison {
  PairedResults results;
  /// Root mean square contrast over the bins of all recordings, in units of the score. Maps are
  /// divided by it, because scores of two models have no common unit.
  double scale_a = 0.0;
  double scale_b = 0.0;
  std::size_t units = 0;                        ///< groups of recordings, or recordings
  std::vector<RecordingDifference> recordings;  ///< in the order of results.pairs
  /// The bands of all recordings, from low to high, and all bands together. Then the same for each
  /// label that kFewestForInterval units have.
  std::vector<BandDifference> profile;
  std::vector<DifferenceRegion> regions;    ///< in the order of recordings
  std::vector<ClusterDifference> clusters;  ///< the largest absolute t first; those that were not
                                            ///< tested last. Regions have their indices
};

/// Receives the number of steps done, of two for each recording.
using CompareProgress = std::function<void(std::size_t done)>;

/// Compares the maps of two models over the same recordings. All p values are family-wise over
/// everything that is tested (see test_families): the bands, the bands by label, and the clusters.
/// Units are the groups of `labels`.
/// @param labels  null: no labels, and each recording is a unit.
/// Without half_maps of all results there are no regions, and a note says so.
/// @throws IoError      as read_paired_maps and LabelsTable::of
/// @throws ConfigError  fewer than two units, or a model whose contrast is 0 everywhere.
[[nodiscard]] ModelComparison compare_models(PairedResults results, const LabelsTable* labels,
                                             const CompareOptions& options,
                                             const CompareProgress& progress = {});

}  // namespace relax_spectro
