#include "compare/units.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <utility>

namespace relax_spectro {

Units units_of(std::span<const RecordingDifference> recordings) {
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

}  // namespace relax_spectro
