#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/results/mask_cells.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/results/result_predictions.hpp"

namespace relax_spectro {

/// What a result says of one window.
struct ResultWindow {
  double first_frame_s = 0.0;  ///< centres of its frames, from the recording's start
  double last_frame_s = 0.0;
  std::size_t masks = 0;                    ///< that were evaluated; 1 or more
  std::optional<double> noise_to_contrast;  ///< 0 or more; nothing: the map is not above its noise

  /// Whether the map shows more than its own noise.
  [[nodiscard]] bool resolved() const { return noise_to_contrast && *noise_to_contrast <= 1.0; }
};

/// What the JSON of a result says, as data/FORMAT.md describes it.
struct ResultSummary {
  std::string input_path;  ///< of the recording
  int input_sample_rate_hz = 0;
  double input_duration_s = 0.0;
  std::vector<ResultWindow> windows;  ///< one or more

  /// The largest of the windows' ratios; nothing where one has none.
  [[nodiscard]] std::optional<double> noise_to_contrast() const;
  [[nodiscard]] std::size_t unresolved_windows() const;
};

/// How a result was made.
struct RecordedRun {
  Provenance provenance;
  std::string options_json;  ///< every option as resolved, as the file has them
  std::string tool_version;
  std::string model_name;             ///< that its card has
  std::vector<std::string> warnings;  ///< that were said on the way
  MaskCells cells;
  ResultPredictions predictions;
};

/// Reads how the result whose JSON is named was made.
/// @throws IoError  as read_result_summary.
[[nodiscard]] RecordedRun read_recorded_run(const std::filesystem::path& path);

/// Reads the JSON of a result that write_result wrote. Fields that it has no use for are not looked
/// at, so that those which a later tool of the same format version adds do no harm.
/// @throws IoError  not such a file, or of a newer format version; or a field is missing, of
/// another
///                  type or outside its range. The message names the file and the field.
[[nodiscard]] ResultSummary read_result_summary(const std::filesystem::path& path);

}  // namespace relax_spectro
