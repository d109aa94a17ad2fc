#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "batch/batch_table.hpp"
#include "batch/label_summary.hpp"
#include "cli/batch_work.hpp"
#include "cli/options.hpp"

namespace relax_spectro::cli {

/// The files that write_labels writes for these labels and scores.
[[nodiscard]] std::vector<std::filesystem::path> label_files(std::span<const LabelAndScore> labels,
                                                             const std::filesystem::path& output);

/// Writes `summary-by-label.csv` and, for each label and score, the mean of its maps. A label whose maps have
/// different bins gets no mean, and a warning.
/// @throws IoError
void write_labels(std::span<const BatchRow> rows, const std::filesystem::path& output,
                  const TalkOptions& talk);

}  // namespace relax_spectro::cli
