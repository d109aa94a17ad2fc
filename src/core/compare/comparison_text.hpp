#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "compare/comparison.hpp"

namespace relax_spectro {

/// A way in which models are shown to differ.
struct Way {
  bool more_b = false;   ///< whether b has more contrast than a, or a more than b
  bool listens = false;  ///< whether the contrast of the one with more is itself above 0. If not,
                         ///< both may count what they differ in against the score
  bool operator==(const Way&) const = default;
};

inline constexpr std::array kWays{Way{true, true}, Way{false, true}, Way{true, false},
                                  Way{false, false}};

/// Nothing: no difference is shown (p above .05).
[[nodiscard]] std::optional<Way> way_of(const TestedDifference& tested);

/// What the models do: "b listens more than a to", with what they differ in to follow.
[[nodiscard]] std::string way_text(const ModelComparison& comparison, const Way& way);

/// The bands that differ in one way, joined where they touch.
/// @param label  of the recordings; empty: all.
[[nodiscard]] std::vector<FrequencyRange> shown_ranges(const ModelComparison& comparison,
                                                       const std::string& label, const Way& way);

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

/// What differs, in a sentence for each way: bands, and the number of clusters. Or that no difference
/// is shown.
[[nodiscard]] std::string verdict_of(const ModelComparison& comparison);

}  // namespace relax_spectro
