#pragma once

#include <optional>
#include <span>
#include <string>

#include "reported_recording.hpp"

namespace relax_spectro::render {

/// What the overview says of a recording.
struct OverviewRow {
  std::string id;
  std::string name;
  ResultFacts facts;
  std::optional<FlipFacts> flip;
  std::optional<SanitySummary> sanity;
};

/// The table, with columns for tests where there are any.
[[nodiscard]] std::string overview_html(std::span<const OverviewRow> rows);

/// All recordings in a sentence.
[[nodiscard]] std::string overview_text(std::span<const OverviewRow> rows);

}  // namespace relax_spectro::render
