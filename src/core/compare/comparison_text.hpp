#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compare/comparison.hpp"

namespace relax_spectro {

/// The bands that differ (p of at most .05) in one direction, joined where they touch.
/// @param label  of the recordings; empty: all.
/// @param sign   1: b listens more; -1: a does.
[[nodiscard]] std::vector<FrequencyRange> shown_ranges(const ModelComparison& comparison,
                                                       const std::string& label, double sign);

/// From the lowest to the highest band, which both models have.
[[nodiscard]] FrequencyRange compared_range(const ModelComparison& comparison);

/// "230–480 Hz, 900–1200 Hz"
[[nodiscard]] std::string to_string(const std::vector<FrequencyRange>& ranges);

/// "230–480 Hz, 0.3 s": the bands and the duration of a kind of sound.
[[nodiscard]] std::string kind_text(const RegionCluster& cluster);

/// How many recordings of a cluster have each label, the commonest first: "rain 12, dog 3, …".
/// @param most  the number of labels.
[[nodiscard]] std::string labels_text(const ModelComparison& comparison,
                                      const RegionCluster& cluster, std::size_t most);

/// What differs, in a sentence for each model that listens more to something: bands, and the number
/// of clusters. Or that no difference is shown.
[[nodiscard]] std::string verdict_of(const ModelComparison& comparison);

}  // namespace relax_spectro
