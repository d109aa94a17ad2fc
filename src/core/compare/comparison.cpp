#include "compare/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "base/in_parallel.hpp"
#include "base/require.hpp"
#include "compare/band_profile.hpp"
#include "compare/paired_maps.hpp"
#include "compare/units.hpp"
#include "evaluation/map_similarity.hpp"

namespace relax_spectro {
namespace {

double sum_of_squares(const Array2d<double>& map) {
  double sum = 0.0;
  for (const double value : map.values) sum += std::isnan(value) ? 0.0 : value * value;
  return sum;
}

/// What is kept of the maps of a recording.
struct RecordingProfile {
  std::vector<FrequencyRange> bands;
  std::vector<double> a;  ///< as band_means; at first in units of the scores, then of the scales
  std::vector<double> b;
  double bins = 0.0;
  double squares_a = 0.0;  ///< sum over bins, in units of the scores
  double squares_b = 0.0;
  std::optional<double> correlation;
};

RecordingProfile profile_of(const PairedMaps& maps) {
  const auto bins =
      std::ranges::count_if(maps.a.values, [](double value) { return !std::isnan(value); });
  return {profile_bands(maps.axes),       band_means(maps.a),     band_means(maps.b),
          static_cast<double>(bins),      sum_of_squares(maps.a), sum_of_squares(maps.b),
          map_correlation(maps.a, maps.b)};
}

/// Sets the scales of a comparison, and divides profiles by them.
void scale(std::vector<RecordingProfile>& profiles, ModelComparison& comparison) {
  double bins = 0.0;
  for (const RecordingProfile& profile : profiles) {
    bins += profile.bins;
    comparison.scale_a += profile.squares_a;
    comparison.scale_b += profile.squares_b;
  }
  for (const auto& [scale, model] : {std::pair{&comparison.scale_a, &comparison.results.a},
                                     {&comparison.scale_b, &comparison.results.b}}) {
    *scale = std::sqrt(*scale / bins);
    core::require(*scale > 0.0, fmt::format("{}: the contrast is 0 in all recordings; expected a "
                                            "model that reacts to masks",
                                            model->folder.string()));
  }
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    RecordingProfile& profile = profiles[i];
    for (double& value : profile.a) value /= comparison.scale_a;
    for (double& value : profile.b) value /= comparison.scale_b;
    RecordingDifference& recording = comparison.recordings[i];
    const double own_bins = std::max(profile.bins, 1.0);
    recording.rms_a = std::sqrt(profile.squares_a / own_bins) / comparison.scale_a;
    recording.rms_b = std::sqrt(profile.squares_b / own_bins) / comparison.scale_b;
    recording.correlation = profile.correlation;
    recording.difference = profile.b.back() - profile.a.back();
  }
}

/// The means of each unit's recordings: for each label, all numbers of a profile.
/// @param labels  an empty one stands for all recordings.
PairedQuantities profile_quantities(const Units& units, const std::vector<std::string>& labels,
                                    const std::vector<RecordingProfile>& profiles,
                                    const std::vector<RecordingDifference>& recordings) {
  const std::size_t numbers = profiles.front().a.size();
  const Array2d<double> none(units.recordings.size(), numbers * labels.size(),
                             std::numeric_limits<double>::quiet_NaN());
  PairedQuantities quantities{none, none};
  for (std::size_t u = 0; u < units.recordings.size(); ++u) {
    for (std::size_t l = 0; l < labels.size(); ++l) {
      Rows rows = units.recordings[u];
      std::erase_if(rows, [&](std::size_t i) {
        return !labels[l].empty() && recordings[i].label != labels[l];
      });
      if (rows.empty()) continue;
      for (std::size_t k = 0; k < numbers; ++k) {
        double a = 0.0;
        double b = 0.0;
        for (const std::size_t i : rows) {
          a += profiles[i].a[k];
          b += profiles[i].b[k];
        }
        quantities.a(u, l * numbers + k) = a / static_cast<double>(rows.size());
        quantities.b(u, l * numbers + k) = b / static_cast<double>(rows.size());
      }
    }
  }
  return quantities;
}

/// @param tested  of profile_quantities with the same labels.
void add_profile(const std::vector<std::string>& labels, const std::vector<FrequencyRange>& bands,
                 const std::vector<TestedDifference>& tested, ModelComparison& comparison) {
  for (std::size_t k = 0; k < tested.size(); ++k) {
    const std::size_t band = k % (bands.size() + 1);
    comparison.profile.push_back({labels[k / (bands.size() + 1)],
                                  band < bands.size() ? std::optional(bands[band]) : std::nullopt,
                                  tested[k]});
  }
}

/// The regions of a recording. Nothing: its masks have no halves.
std::optional<std::vector<DifferenceRegion>> regions_of(const ModelComparison& comparison,
                                                        std::size_t recording) {
  auto halves = read_paired_halves(comparison.results.pairs[recording]);
  if (!halves) return std::nullopt;
  for (PairedMaps& maps : *halves) {
    for (double& value : maps.a.values) value /= comparison.scale_a;
    for (double& value : maps.b.values) value /= comparison.scale_b;
  }
  return difference_regions(*halves, recording);
}

/// Sets the regions of all recordings, or none and a note.
void find_regions(ModelComparison& comparison, const CompareProgress& progress) {
  const std::vector<PairedResult>& pairs = comparison.results.pairs;
  const auto found = core::in_parallel(
      pairs.size(), [&](std::size_t i) { return regions_of(comparison, i); }, progress);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) {
      comparison.regions.clear();
      comparison.results.notes.push_back(
          fmt::format("{} or {} has masks without two halves, so there are no regions",
                      pairs[i].a.string(), pairs[i].b.string()));
      return;
    }
    std::ranges::copy(*found[i], std::back_inserter(comparison.regions));
  }
}

/// What the regions of each cluster amount to in each unit.
PairedQuantities cluster_quantities(const Units& units, const std::vector<RegionCluster>& clusters,
                                    const std::vector<DifferenceRegion>& regions) {
  std::vector<std::size_t> unit_of(regions.empty() ? 0 : regions.back().recording + 1);
  for (std::size_t u = 0; u < units.recordings.size(); ++u) {
    for (const std::size_t i : units.recordings[u]) {
      if (i < unit_of.size()) unit_of[i] = u;
    }
  }
  const Array2d<double> none(units.recordings.size(), clusters.size());
  PairedQuantities quantities{none, none, none};
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    Rows ordered = clusters[c].regions;
    std::ranges::sort(ordered);
    for (const std::size_t r : ordered) {
      const std::size_t unit = unit_of[regions[r].recording];
      const double share = regions[r].share / static_cast<double>(units.recordings[unit].size());
      quantities.a(unit, c) += regions[r].a * share;
      quantities.b(unit, c) += regions[r].b * share;
      quantities.sizes(unit, c) += share;
    }
  }
  return quantities;
}

/// Puts clusters in order, and numbers the regions' clusters alike.
void order_clusters(ModelComparison& comparison) {
  const auto size = [](const ClusterDifference& cluster) {
    return cluster.tested ? std::abs(cluster.tested->t) : -1.0;
  };
  std::ranges::stable_sort(comparison.clusters, std::ranges::greater(), size);
  for (std::size_t c = 0; c < comparison.clusters.size(); ++c) {
    for (const std::size_t r : comparison.clusters[c].cluster.regions) {
      comparison.regions[r].cluster = c;
    }
  }
}

/// Sets the label and the group of each recording.
void take_labels(const LabelsTable* labels, std::vector<RecordingDifference>& recordings) {
  std::vector<RecordingLabel> rows;
  if (labels != nullptr) {
    std::vector<std::string> names;
    for (const RecordingDifference& recording : recordings) {
      names.push_back(recording.recording.path);
    }
    rows = labels->of(names);
  }
  const bool has_groups = labels != nullptr && labels->has("group");
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    if (labels != nullptr) recordings[i].label = rows[i].label;
    recordings[i].group = has_groups ? rows[i].group : recordings[i].recording.sha256;
  }
}

}  // namespace

ModelComparison compare_models(PairedResults results, const LabelsTable* labels,
                               const CompareOptions& options, const CompareProgress& progress) {
  ModelComparison comparison;
  comparison.results = std::move(results);
  for (const PairedResult& pair : comparison.results.pairs) {
    comparison.recordings.push_back({pair.recording, {}, {}, {}});
  }
  take_labels(labels, comparison.recordings);
  const Units units = units_of(comparison.recordings);
  comparison.units = units.recordings.size();
  core::require(comparison.units >= 2,
                fmt::format("there are recordings of {} group only; expected 2 or more to compare "
                            "models, better 20",
                            comparison.units));
  const std::size_t recordings = comparison.recordings.size();
  std::vector<RecordingProfile> profiles = core::in_parallel(
      recordings,
      [&](std::size_t i) {
        return profile_of(read_paired_maps(comparison.results.pairs[i], WithInput::no));
      },
      progress);
  scale(profiles, comparison);
  find_regions(comparison, [&](std::size_t done) {
    if (progress) progress(recordings + done);
  });
  std::vector<RegionCluster> clusters =
      cluster_regions(comparison.regions, options.clusters, options.seed);
  const auto rare = std::stable_partition(
      clusters.begin(), clusters.end(),
      [](const RegionCluster& cluster) { return cluster.recordings.size() >= kFewestForInterval; });
  for (auto cluster = rare; cluster != clusters.end(); ++cluster) {
    comparison.clusters.push_back({std::move(*cluster), {}});
  }
  clusters.erase(rare, clusters.end());
  const auto of_labels = [&](const std::vector<std::string>& some) {
    return profile_quantities(units, some, profiles, comparison.recordings);
  };
  const std::vector<PairedQuantities> families{
      of_labels({""}), of_labels(units.labels),
      cluster_quantities(units, clusters, comparison.regions)};
  const std::vector<std::vector<TestedDifference>> tested = test_families(families, options.seed);
  add_profile({""}, profiles.front().bands, tested[0], comparison);
  add_profile(units.labels, profiles.front().bands, tested[1], comparison);
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    comparison.clusters.push_back({std::move(clusters[c]), tested[2][c]});
  }
  order_clusters(comparison);
  return comparison;
}

}  // namespace relax_spectro
