#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "probe/class_report.hpp"

namespace relax_spectro {

/// Both ends, or null.
[[nodiscard]] inline nlohmann::ordered_json interval_json(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {interval->low, interval->high};
}

/// The numbers of a report (data/FORMAT.md).
[[nodiscard]] inline nlohmann::ordered_json measures_json(const ClassReport& report) {
  nlohmann::ordered_json measures = nlohmann::ordered_json::array();
  for (const Measure& measure : report.measures) {
    measures.push_back({{"name", measure.name},
                        {"label", measure.label},
                        {"value", measure.value},
                        {"interval", interval_json(measure.interval)},
                        {"recordings", measure.recordings}});
  }
  return measures;
}

}  // namespace relax_spectro
