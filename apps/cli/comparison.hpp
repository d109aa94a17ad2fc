#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "relax_spectro/evaluation/boxes.hpp"
#include "relax_spectro/results/localisation_table.hpp"

namespace relax_spectro::cli {

/// What maps are compared with.
struct ComparisonOptions {
  std::filesystem::path boxes;       ///< the table of events
  std::optional<std::string> label;  ///< only boxes that have it
  std::string map = "contrast";      ///< which array of the results
  std::optional<std::size_t> top_k;  ///< as LocalisationOptions has it
};

/// Compares results with the boxes of one table.
class Comparison {
 public:
  /// Reads the table. @throws IoError, ConfigError
  Comparison(ComparisonOptions options, const TalkOptions& talk);

  /// The row of a result. @throws IoError, ConfigError
  [[nodiscard]] LocalisationRow row_of(const std::filesystem::path& result);

 private:
  [[nodiscard]] std::vector<AnnotatedBox> boxes_of(const std::filesystem::path& recording);
  void require_first_recording(const std::filesystem::path& recording);

  ComparisonOptions options_;
  const TalkOptions* talk_;
  BoxTable table_;
  std::filesystem::path first_recording_;
};

/// In how many recordings the map beats loudness, in words.
[[nodiscard]] std::string localisation_verdict(std::span<const LocalisationRow> rows,
                                               const std::string& map);

}  // namespace relax_spectro::cli
