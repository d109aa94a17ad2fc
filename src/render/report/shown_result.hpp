#pragma once

#include <optional>
#include <string>
#include <vector>

#include "batch/batch_table.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/flip_result.hpp"
#include "results/result_folder.hpp"
#include "results/sanity_file.hpp"
#include "shown_map.hpp"

namespace relax_spectro::render {

/// Everything that a page shows about a result.
struct ShownResult {
  std::string id;  ///< of its part of the page
  std::string
      sound_id;  ///< of the first result with the same spectrogram, which is on the page once
  std::string name;
  Result result;      ///< without arrays, except its axes
  ResultFacts facts;  ///< without a peak where there is no map to be read
  ShownMap map;
  std::string score;  ///< what was measured, in words
  std::string short_score;
  std::string verdict;  ///< whether the map can be trusted
  std::optional<FlipResult> flip;
  std::optional<SanitySummary> sanity;
  std::vector<std::string> errors;    ///< about unreadable files beside the result
  std::vector<std::string> warnings;  ///< about files beside the result that belong to something
                                      ///< else
};

/// Reads a result and the tests beside it.
/// @throws IoError  the result itself cannot be read.
[[nodiscard]] ShownResult read_shown(const NamedResult& result, const std::string& id);

/// "passes", "does not pass", "inconclusive"; empty without a test.
[[nodiscard]] std::string sanity_verdict_text(const std::optional<SanitySummary>& sanity);

}  // namespace relax_spectro::render
