#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <span>
#include <string>

#include "base/finite_mean.hpp"
#include "base/text.hpp"
#include "space/space.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kShown = 10;

/// "a.wav (owl)"
std::string name_of(const ProbeData& data, std::size_t row) {
  return fmt::format("{} ({})", data.files[row], data.labels[data.rows.classes[row]]);
}

std::string twins_text(const Space& space, const ProbeData& data) {
  if (space.twins.empty()) return "No recordings of different groups were found to share sound.\n";
  std::string text = fmt::format(
      "{} of recordings of different groups share{} sound. Give them one group, or leave one out:\n",
      space.twins.size() == 1 ? "1 pair" : fmt::format("{} pairs", space.twins.size()),
      space.twins.size() == 1 ? "s" : "");
  for (const Twins& twins : std::span(space.twins).first(std::min(kShown, space.twins.size()))) {
    text += fmt::format("  {} and {}: cosine {:.3f}, {}\n", name_of(data, twins.first),
                        name_of(data, twins.second), twins.cosine,
                        twins.correlation
                            ? fmt::format("correlation of sounds {:.3f}", *twins.correlation)
                            : "sounds not read");
  }
  return text;
}

std::string clusters_text(const Space& space, const ProbeData& data) {
  const ClusterStudy& study = space.clusters;
  if (study.stability.empty()) return "";
  const std::size_t best = study.most_stable();
  if (!study.clusters) {
    return fmt::format(
        "No clear number of clusters: the greatest stability is {:.2f}, of {} clusters, and {} would "
        "be clear.\n",
        study.stability[best], best + 2, kClearStability);
  }
  const std::size_t count = study.summaries.size();
  std::string text = fmt::format(
      "{} clusters (stability {:.2f}, silhouette {:.2f}, adjusted Rand index to the labels "
      "{:.2f}):\n",
      count, study.stability[count - 2], core::finite_mean(study.silhouettes), study.rand_index);
  for (std::size_t k = 0; k < count; ++k) {
    const ClusterSummary& one = study.summaries[k];
    text += fmt::format("  {}: {}; amid them {}{}\n", k + 1, labels_text(one, data),
                        data.files[one.medoid],
                        one.excess.empty() ? "" : "; in excess: " + excess_text(one));
  }
  return text;
}

/// "owl 3, wren 2": labels with too few others to fill all neighbours, and the fewest others that one
/// of their recordings has; or that no neighbour can have some label. Or nothing.
std::string ceiling_text(const Space& space, const ProbeData& data) {
  const std::size_t neighbours = space.neighbours.front().nearest.size();
  const std::vector<std::size_t> others = others_with_label(space.known);
  std::vector<std::string> few;
  std::vector<std::string> alone;
  const std::vector<Rows> by_label = rows_of(space.known.labels);
  for (std::size_t label = 0; label < by_label.size(); ++label) {
    std::size_t least = neighbours;
    for (const std::size_t row : by_label[label]) least = std::min(least, others[row]);
    if (least == 0) {
      alone.push_back(data.labels[label]);
    } else if (least < neighbours) {
      few.push_back(fmt::format("{} {}", data.labels[label], least));
    }
  }
  std::string text;
  if (!few.empty()) {
    text += fmt::format(
        "Labels with fewer recordings in other groups than the {} neighbours: {}. So purity cannot be "
        "1, and only the nearest {} vote. --neighbours {} has neither limit.\n",
        neighbours, core::first_ten(few), space.purity.voters, space.purity.voters);
  }
  if (!alone.empty()) {
    text += fmt::format(
        "Labels of recordings with none in another group: {}. No neighbour of these "
        "has their label.\n",
        core::first_ten(alone));
  }
  return text;
}

}  // namespace

std::string labels_text(const ClusterSummary& summary, const ProbeData& data) {
  Rows order(summary.labels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::ranges::greater(),
                           [&](std::size_t label) { return summary.labels[label]; });
  std::vector<std::string> texts;
  for (const std::size_t label : order) {
    if (summary.labels[label] == 0) break;
    texts.push_back(fmt::format("{} {}", data.labels[label], summary.labels[label]));
  }
  return core::first_ten(texts);
}

std::string excess_text(const ClusterSummary& summary) {
  std::vector<std::string> texts;
  for (const Excess& one : summary.excess) {
    texts.push_back(fmt::format("{} {} (p = {:.2g})", one.column, one.value, one.p));
  }
  return fmt::format("{}", fmt::join(texts, "; "));
}

std::string space_text(const Space& space, const ProbeData& data) {
  const Purity& purity = space.purity;
  std::string text = twins_text(space, data);
  text += fmt::format(
      "Purity {:.3f} (95 %: {:.3f}–{:.3f}): the share of neighbours from other groups with the same "
      "label. Chance {:.3f}, p = {:.3f}.\n",
      purity.value, purity.interval.low, purity.interval.high, purity.chance, purity.p);
  text += ceiling_text(space, data);
  text += fmt::format(
      "Votes of the nearest {} name the label of {:.1f} % (95 %: {:.1f}–{:.1f}) of recordings.\n",
      purity.voters, 100.0 * purity.vote_accuracy, 100.0 * purity.vote_interval.low,
      100.0 * purity.vote_interval.high);
  text += fmt::format("Silhouette of labels {:.3f}. Hubness {:.2f}.\n",
                      core::finite_mean(space.silhouettes), space.hubness);
  text += reach_text(space.reaches);
  text += clusters_text(space, data);
  const Rows bridges = bridges_of(space);
  std::vector<std::string> names;
  for (const std::size_t row : bridges) {
    names.push_back(fmt::format("{} to {}", name_of(data, row), data.labels[purity.vote[row]]));
  }
  if (!names.empty()) {
    text += fmt::format("{} bridges, whose neighbours have another label: {}\n", names.size(),
                        core::first_ten(names));
  }
  return text;
}

}  // namespace relax_spectro
