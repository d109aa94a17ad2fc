#include "compare/comparison_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

namespace relax_spectro {

std::optional<Way> way_of(const TestedDifference& tested) {
  if (tested.p > 0.05) return std::nullopt;
  const bool more_b = tested.t > 0.0;
  const std::optional<Interval>& own = (more_b ? tested.b : tested.a).interval;
  return Way{more_b, own && own->low > 0.0};
}

std::string way_text(const ModelComparison& comparison, const Way& way) {
  const std::string a = comparison.results.a.folder.string();
  const std::string b = comparison.results.b.folder.string();
  const std::string& more = way.more_b ? b : a;
  const std::string& less = way.more_b ? a : b;
  return way.listens
             ? fmt::format("{} listens more than {} to", more, less)
             : fmt::format("{} has more contrast than {}, but not shown above 0, in", more, less);
}

std::vector<FrequencyRange> shown_ranges(const ModelComparison& comparison,
                                         const std::string& label, const Way& way) {
  std::vector<FrequencyRange> ranges;
  bool touches = false;
  for (const BandDifference& band : comparison.profile) {
    if (band.label != label || !band.band) continue;
    const bool shown = way_of(band.tested) == way;
    if (shown && touches) ranges.back().high_hz = band.band->high_hz;
    if (shown && !touches) ranges.push_back(*band.band);
    touches = shown;
  }
  return ranges;
}

FrequencyRange compared_range(const ModelComparison& comparison) {
  FrequencyRange range = *comparison.profile.front().band;
  for (const BandDifference& difference : comparison.profile) {
    if (difference.band) range.high_hz = std::max(range.high_hz, difference.band->high_hz);
  }
  return range;
}

std::string to_string(const std::vector<FrequencyRange>& ranges) {
  std::vector<std::string> texts;
  for (const FrequencyRange& range : ranges) {
    texts.push_back(fmt::format("{:.0f}–{:.0f} Hz", range.low_hz, range.high_hz));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string kind_text(const RegionCluster& cluster) {
  const TimeFrequencyBox& typical = cluster.typical;
  return fmt::format("{:.0f}–{:.0f} Hz, {:.2g} s", typical.low_hz, typical.high_hz, typical.end_s);
}

std::string labels_text(const ModelComparison& comparison, const RegionCluster& cluster,
                        std::size_t most) {
  std::map<std::string, std::size_t> counts;
  for (const std::size_t i : cluster.recordings) ++counts[comparison.recordings[i].label];
  counts.erase("");
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::ranges::stable_sort(sorted, std::greater(), [](const auto& label) { return label.second; });
  std::vector<std::string> texts;
  for (const auto& [label, count] : sorted) {
    texts.push_back(texts.size() < most ? fmt::format("{} {}", label, count) : "…");
    if (texts.size() > most) break;
  }
  return fmt::format("{}", fmt::join(texts, ", "));
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
  for (const Way& way : kWays) {
    std::string ranges = to_string(shown_ranges(comparison, "", way));
    const auto clusters = std::ranges::count_if(comparison.clusters, [&way](const auto& cluster) {
      return cluster.tested && way_of(*cluster.tested) == way;
    });
    if (clusters > 0) {
      ranges += fmt::format("{}{} kind{} of sound", ranges.empty() ? "" : ", and ", clusters,
                            clusters == 1 ? "" : "s");
    }
    if (ranges.empty()) continue;
    text += fmt::format("{}{} {}.", text.empty() ? "" : " ", way_text(comparison, way), ranges);
  }
  if (text.empty()) text = "A difference is shown in all bands together, or for single labels.";
  return fmt::format("{} The smallest p of {} tests is {:.2g}.", text, tests, least);
}

}  // namespace relax_spectro
