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

/// All that a page tells of a recording.
struct ReportedRecording {
  std::string id;  ///< of its section
  std::string name;
  Result result;  ///< with its spectrogram and contrast
  ResultFacts facts;
  std::optional<FlipResult> flip;
  std::optional<SanitySummary> sanity;
  std::vector<std::string> errors;    ///< of what lies beside it and cannot be read
  std::vector<std::string> warnings;  ///< of what lies beside it and is of something else
};

/// Reads a result, and the tests beside it.
/// @throws IoError  the result itself cannot be read.
[[nodiscard]] ReportedRecording read_recording(const NamedResult& result, const std::string& id);

/// "beats both", "beats loudness only", ... ; empty where it was not tested so.
[[nodiscard]] std::string flip_verdict_text(const std::optional<FlipFacts>& flip);

/// "passes", "does not pass", "inconclusive"; empty where it was not tested.
[[nodiscard]] std::string sanity_verdict_text(const std::optional<SanitySummary>& sanity);

}  // namespace relax_spectro::render
