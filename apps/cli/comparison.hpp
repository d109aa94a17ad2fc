#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "evaluation/recording_boxes.hpp"
#include "results/localisation_table.hpp"

namespace relax_spectro::cli {

/// What maps are compared with.
struct ComparisonOptions {
  std::filesystem::path boxes;       ///< the table of events
  std::optional<std::string> label;  ///< only boxes that have it
  std::string map = "contrast";      ///< which array of the results
  std::optional<std::size_t> top_k;  ///< as LocalisationOptions has it
};

/// The outcome of comparing results.
struct ComparedResults {
  std::vector<LocalisationRow> rows;
  int exit_code = 0;  ///< as for_each_input
};

/// Compares results with the boxes of one table.
class Comparison {
 public:
  /// Reads the table. @throws IoError, ConfigError
  Comparison(ComparisonOptions options, const TalkOptions& talk);

  /// The rows of all results that can be compared. Prints why others cannot.
  /// @throws ConfigError  results are of several recordings, but the table names no files.
  [[nodiscard]] ComparedResults compare(const std::vector<std::filesystem::path>& results) const;

 private:
  [[nodiscard]] LocalisationRow row_of(const std::filesystem::path& result,
                                       const RecordingBoxes& all_boxes) const;

  ComparisonOptions options_;
  const TalkOptions* talk_;
  BoxTable table_;
};

/// In how many recordings the map beats loudness, in words.
[[nodiscard]] std::string localisation_verdict(std::span<const LocalisationRow> rows,
                                               const std::string& map);

}  // namespace relax_spectro::cli
