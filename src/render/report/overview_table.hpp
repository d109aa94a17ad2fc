#pragma once

#include <optional>
#include <span>
#include <string>

#include "reported_recording.hpp"

namespace relax_spectro::render {

/// A recording's row in the overview.
struct OverviewRow {
  std::string id;
  std::string name;
  ResultFacts facts;
  std::optional<FlipFacts> flip;
  std::optional<SanitySummary> sanity;
};

/// The table, with columns for tests if there are any.
[[nodiscard]] std::string overview_html(std::span<const OverviewRow> rows);

/// A summary of all recordings in one sentence.
[[nodiscard]] std::string overview_text(std::span<const OverviewRow> rows);

}  // namespace relax_spectro::render
