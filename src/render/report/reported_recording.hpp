#pragma once

#include <optional>
#include <string>
#include <vector>

#include "batch/batch_table.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/flip_result.hpp"
#include "results/result_folder.hpp"
#include "results/sanity_file.hpp"

namespace relax_spectro::render {

/// Everything that a page shows about a recording.
struct ReportedRecording {
  std::string id;  ///< of its HTML section
  std::string name;
  Result result;  ///< with its spectrogram and contrast
  ResultFacts facts;
  std::optional<FlipResult> flip;
  std::optional<SanitySummary> sanity;
  std::vector<std::string> errors;    ///< about unreadable files beside the result
  std::vector<std::string> warnings;  ///< about files beside the result that belong to something
                                      ///< else
};

/// Reads a result and the tests beside it.
/// @throws IoError  the result itself cannot be read.
[[nodiscard]] ReportedRecording read_recording(const NamedResult& result, const std::string& id);

/// "beats both", "beats loudness only", ... ; empty without such a test.
[[nodiscard]] std::string flip_verdict_text(const std::optional<FlipFacts>& flip);

/// "passes", "does not pass", "inconclusive"; empty without a test.
[[nodiscard]] std::string sanity_verdict_text(const std::optional<SanitySummary>& sanity);

}  // namespace relax_spectro::render
