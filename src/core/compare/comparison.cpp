#include "compare/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "base/require.hpp"
#include "base/text.hpp"
#include "compare/band_profile.hpp"
#include "compare/paired_maps.hpp"
#include "evaluation/map_similarity.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

double sum_of_squares(const Array2d<double>& map) {
  double sum = 0.0;
  for (const double value : map.values) sum += std::isnan(value) ? 0.0 : value * value;
  return sum;
}

/// What is kept of the maps of a recording, in units of the scores.
struct RecordingProfile {
  std::vector<double> a;  ///< as band_means
  std::vector<double> b;
};

/// Reads maps one pair after the other, and keeps their profiles.
class Profiles {
 public:
  explicit Profiles(ModelComparison& comparison) : comparison_(&comparison) {}

  void add(const PairedMaps& maps, RecordingDifference& recording) {
    const auto bins = static_cast<double>(
        std::ranges::count_if(maps.a.values, [](double value) { return !std::isnan(value); }));
    const double squares_a = sum_of_squares(maps.a);
    const double squares_b = sum_of_squares(maps.b);
    bins_ += bins;
    squares_a_ += squares_a;
    squares_b_ += squares_b;
    recording.rms_a = std::sqrt(squares_a / std::max(bins, 1.0));
    recording.rms_b = std::sqrt(squares_b / std::max(bins, 1.0));
    recording.correlation = map_similarity(maps.a, maps.b).pearson;
    if (bands_.empty()) {
      const std::vector<std::size_t> edges = profile_edges(maps.axes.frequency_hz.size());
      for (std::size_t b = 0; b + 1 < edges.size(); ++b) {
        const TimeFrequencyBox box =
            box_around(maps.axes, {edges[b], edges[b + 1]}, {0, maps.axes.time_s.size()});
        bands_.push_back({box.low_hz, box.high_hz});
      }
    }
    profiles_.push_back({band_means(maps.a), band_means(maps.b)});
  }

  /// Divides everything by the models' scales.
  void scale() {
    ModelComparison& comparison = *comparison_;
    comparison.scale_a = std::sqrt(squares_a_ / bins_);
    comparison.scale_b = std::sqrt(squares_b_ / bins_);
    for (const auto& [scale, model] : {std::pair{comparison.scale_a, &comparison.results.a},
                                       {comparison.scale_b, &comparison.results.b}}) {
      core::require(scale > 0.0, fmt::format("{}: the contrast is 0 in all recordings; expected a "
                                             "model that reacts to masks",
                                             model->folder.string()));
    }
    for (std::size_t i = 0; i < profiles_.size(); ++i) {
      for (double& value : profiles_[i].a) value /= comparison.scale_a;
      for (double& value : profiles_[i].b) value /= comparison.scale_b;
      RecordingDifference& recording = comparison.recordings[i];
      recording.rms_a /= comparison.scale_a;
      recording.rms_b /= comparison.scale_b;
      recording.difference = profiles_[i].b.back() - profiles_[i].a.back();
    }
  }

  [[nodiscard]] const std::vector<FrequencyRange>& bands() const { return bands_; }
  [[nodiscard]] const std::vector<RecordingProfile>& all() const { return profiles_; }

 private:
  ModelComparison* comparison_;
  std::vector<FrequencyRange> bands_;
  std::vector<RecordingProfile> profiles_;
  double bins_ = 0.0;
  double squares_a_ = 0.0;
  double squares_b_ = 0.0;
};

/// The recordings of each unit, and the labels that can be tested.
struct Units {
  std::vector<Rows> recordings;
  std::vector<std::string> labels{""};  ///< the empty one stands for all recordings
};

Units units_of(const std::vector<RecordingDifference>& recordings) {
  std::map<std::string, Rows> by_group;
  std::map<std::string, std::set<std::string>> groups_of_label;
  for (std::size_t i = 0; i < recordings.size(); ++i) {
    by_group[recordings[i].group].push_back(i);
    if (recordings[i].label.empty()) continue;
    groups_of_label[recordings[i].label].insert(recordings[i].group);
  }
  Units units;
  for (auto& [group, rows] : by_group) units.recordings.push_back(std::move(rows));
  if (groups_of_label.size() < 2) return units;  // a single label is all recordings
  for (const auto& [label, groups] : groups_of_label) {
    if (groups.size() >= kFewestForInterval) units.labels.push_back(label);
  }
  return units;
}

/// The means of each unit's recordings: for each label, all numbers of a profile.
PairedQuantities profile_quantities(const Units& units, const Profiles& profiles,
                                    const std::vector<RecordingDifference>& recordings) {
  const std::size_t numbers = profiles.bands().size() + 1;
  const Array2d<double> none(units.recordings.size(), numbers * units.labels.size(),
                             std::numeric_limits<double>::quiet_NaN());
  PairedQuantities quantities{none, none};
  for (std::size_t u = 0; u < units.recordings.size(); ++u) {
    for (std::size_t l = 0; l < units.labels.size(); ++l) {
      Rows rows = units.recordings[u];
      std::erase_if(rows, [&](std::size_t i) {
        return !units.labels[l].empty() && recordings[i].label != units.labels[l];
      });
      if (rows.empty()) continue;
      for (std::size_t k = 0; k < numbers; ++k) {
        double a = 0.0;
        double b = 0.0;
        for (const std::size_t i : rows) {
          a += profiles.all()[i].a[k];
          b += profiles.all()[i].b[k];
        }
        quantities.a(u, l * numbers + k) = a / static_cast<double>(rows.size());
        quantities.b(u, l * numbers + k) = b / static_cast<double>(rows.size());
      }
    }
  }
  return quantities;
}

/// The regions of all recordings, or none and a note.
std::vector<DifferenceRegion> regions_of(ModelComparison& comparison,
                                         const std::function<void()>& progress) {
  std::vector<DifferenceRegion> regions;
  const std::vector<PairedResult>& pairs = comparison.results.pairs;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    auto halves = read_paired_halves(pairs[i]);
    if (!halves) {
      comparison.results.notes.push_back(
          fmt::format("{} or {} has masks without two halves, so there are no regions",
                      pairs[i].a.string(), pairs[i].b.string()));
      return {};
    }
    for (PairedMaps& maps : *halves) {
      for (double& value : maps.a.values) value /= comparison.scale_a;
      for (double& value : maps.b.values) value /= comparison.scale_b;
    }
    std::ranges::move(difference_regions(*halves, i), std::back_inserter(regions));
    progress();
  }
  return regions;
}

/// Adds a column for each cluster: what its regions amount to in each unit.
void add_clusters(const Units& units, const std::vector<RegionCluster>& clusters,
                  const std::vector<DifferenceRegion>& regions, PairedQuantities& quantities) {
  std::vector<std::size_t> unit_of(regions.empty() ? 0 : regions.back().recording + 1);
  for (std::size_t u = 0; u < units.recordings.size(); ++u) {
    for (const std::size_t i : units.recordings[u]) {
      if (i < unit_of.size()) unit_of[i] = u;
    }
  }
  const auto widened = [&](const Array2d<double>& before, double DifferenceRegion::*contrast) {
    Array2d<double> all(before.rows, before.columns + clusters.size());
    for (std::size_t u = 0; u < before.rows; ++u) {
      std::ranges::copy(before.row(u), all.row(u).begin());
    }
    for (std::size_t c = 0; c < clusters.size(); ++c) {
      Rows ordered = clusters[c].regions;
      std::ranges::sort(ordered);
      for (const std::size_t r : ordered) {
        const std::size_t unit = unit_of[regions[r].recording];
        all(unit, before.columns + c) += regions[r].*contrast * regions[r].share /
                                         static_cast<double>(units.recordings[unit].size());
      }
    }
    return all;
  };
  quantities = {widened(quantities.a, &DifferenceRegion::a),
                widened(quantities.b, &DifferenceRegion::b)};
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
  Profiles profiles(comparison);
  for (std::size_t i = 0; i < comparison.recordings.size(); ++i) {
    profiles.add(read_paired_maps(comparison.results.pairs[i]), comparison.recordings[i]);
    if (progress) progress(i + 1);
  }
  profiles.scale();
  std::size_t done = comparison.recordings.size();
  comparison.regions = regions_of(comparison, [&] {
    if (progress) progress(++done);
  });
  std::vector<RegionCluster> clusters =
      cluster_regions(comparison.regions, options.clusters, options.seed);
  const auto rare_begin = std::stable_partition(
      clusters.begin(), clusters.end(),
      [](const RegionCluster& cluster) { return cluster.recordings.size() >= kFewestForInterval; });
  const std::vector<RegionCluster> rare(rare_begin, clusters.end());
  clusters.erase(rare_begin, clusters.end());
  PairedQuantities quantities = profile_quantities(units, profiles, comparison.recordings);
  const std::size_t numbers = quantities.a.columns;
  add_clusters(units, clusters, comparison.regions, quantities);
  const std::vector<TestedDifference> tested = test_differences(quantities, options.seed);
  const std::size_t bands = profiles.bands().size();
  for (std::size_t k = 0; k < numbers; ++k) {
    const std::size_t band = k % (bands + 1);
    comparison.profile.push_back(
        {units.labels[k / (bands + 1)],
         band < bands ? std::optional(profiles.bands()[band]) : std::nullopt, tested[k]});
  }
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    comparison.clusters.push_back({std::move(clusters[c]), tested[numbers + c]});
  }
  for (const RegionCluster& cluster : rare) comparison.clusters.push_back({cluster, {}});
  order_clusters(comparison);
  return comparison;
}

std::vector<FrequencyRange> shown_ranges(const ModelComparison& comparison,
                                         const std::string& label, double sign) {
  std::vector<FrequencyRange> ranges;
  bool touches = false;
  for (const BandDifference& band : comparison.profile) {
    if (band.label != label || !band.band) continue;
    const bool shown = band.tested.p <= 0.05 && sign * band.tested.t > 0.0;
    if (shown && touches) ranges.back().high_hz = band.band->high_hz;
    if (shown && !touches) ranges.push_back(*band.band);
    touches = shown;
  }
  return ranges;
}

std::string to_string(const std::vector<FrequencyRange>& ranges) {
  std::vector<std::string> texts;
  for (const FrequencyRange& range : ranges) {
    texts.push_back(fmt::format("{:.0f}–{:.0f} Hz", range.low_hz, range.high_hz));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string labels_text(const ModelComparison& comparison, const RegionCluster& cluster) {
  std::map<std::string, std::size_t> counts;
  for (const std::size_t i : cluster.recordings) ++counts[comparison.recordings[i].label];
  counts.erase("");
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater(), [](const auto& label) { return label.second; });
  std::vector<std::string> texts;
  for (const auto& [label, count] : sorted) texts.push_back(fmt::format("{} {}", label, count));
  return core::first_ten(texts);
}

std::string verdict_of(const ModelComparison& comparison) {
  std::string text;
  double least = 1.0;
  std::size_t tests = comparison.profile.size();
  for (const BandDifference& band : comparison.profile) least = std::min(least, band.tested.p);
  for (const ClusterDifference& cluster : comparison.clusters) {
    if (!cluster.tested) continue;
    least = std::min(least, cluster.tested->p);
    ++tests;
  }
  if (least > 0.05) {
    return fmt::format("No difference is shown: the smallest p of {} tests is {:.2g}.", tests,
                       least);
  }
  for (const double sign : {1.0, -1.0}) {
    std::string ranges = to_string(shown_ranges(comparison, "", sign));
    const auto clusters = std::ranges::count_if(comparison.clusters, [sign](const auto& cluster) {
      return cluster.tested && cluster.tested->p <= 0.05 && sign * cluster.tested->t > 0.0;
    });
    if (clusters > 0) {
      ranges += fmt::format("{}{} kind{} of sound", ranges.empty() ? "" : ", and to ", clusters,
                            clusters == 1 ? "" : "s");
    }
    if (ranges.empty()) continue;
    const PairedResults& results = comparison.results;
    text += fmt::format("{}{} listens more than {} to {}.", text.empty() ? "" : " ",
                        (sign > 0.0 ? results.b : results.a).folder.string(),
                        (sign > 0.0 ? results.a : results.b).folder.string(), ranges);
  }
  if (text.empty()) text = "A difference is shown in all bands together, or for single labels.";
  return fmt::format("{} The smallest p of {} tests is {:.2g}.", text, tests, least);
}

}  // namespace relax_spectro
