#include <fmt/format.h>

#include <algorithm>
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
  const std::vector<Twins>& twins = space.neighbourhood.twins;
  if (twins.empty()) return "No two recordings of different groups or folds are nearly equal.\n";
  std::string text = fmt::format(
      "{} pairs of recordings of different groups or folds are nearly equal. If they are one "
      "recording, give them one group:\n",
      twins.size());
  for (std::size_t i = 0; i < std::min(kShown, twins.size()); ++i) {
    text += fmt::format("  {} and {}: cosine {:.4f}\n", name_of(data, twins[i].first),
                        name_of(data, twins[i].second), twins[i].cosine);
  }
  return text;
}

}  // namespace

std::string space_text(const Space& space, const ProbeData& data) {
  const Purity& purity = space.purity;
  std::string text = twins_text(space, data);
  text += fmt::format(
      "Purity {:.3f} (95 %: {:.3f}–{:.3f}): the share of neighbours from other groups with the same "
      "label. Chance {:.3f}, p = {:.3f}.\n",
      purity.value, purity.interval.low, purity.interval.high, purity.chance, purity.p);
  text += fmt::format(
      "Votes of neighbours name the label of {:.1f} % (95 %: {:.1f}–{:.1f}) of recordings.\n",
      100.0 * purity.vote_accuracy, 100.0 * purity.vote_interval.low,
      100.0 * purity.vote_interval.high);
  text += fmt::format("Silhouette of labels {:.3f}. Hubness {:.2f}.\n",
                      core::finite_mean(space.silhouettes), space.hubness);
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
