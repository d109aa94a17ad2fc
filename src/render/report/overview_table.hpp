#pragma once

#include <optional>
#include <span>
#include <string>

#include "shown_result.hpp"

namespace relax_spectro::render {

/// A result's row in the overview.
struct OverviewRow {
  std::string target;  ///< id of its heading
  std::string name;
  std::string label;  ///< of its recording; empty: none
  std::string model;
  std::string score;
  std::string thumbnail_html;
  std::string heard;  ///< empty: the model has no classes
  std::string verdict;
  ResultFacts facts;
  std::optional<FlipFacts> flip;
  std::optional<SanitySummary> sanity;
};

[[nodiscard]] OverviewRow overview_row(const ShownResult& shown, const std::string& label,
                                       const std::string& target);

/// The table, in groups by label. Columns that say nothing are left out, such as the model if there
/// is only one.
/// @param rows  sorted by label.
[[nodiscard]] std::string overview_html(std::span<const OverviewRow> rows);

/// A summary of all results in one sentence.
[[nodiscard]] std::string overview_text(std::span<const OverviewRow> rows);

}  // namespace relax_spectro::render
