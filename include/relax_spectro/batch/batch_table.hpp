#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/results/flip_file.hpp"
#include "relax_spectro/results/result_map.hpp"
#include "relax_spectro/results/result_reader.hpp"

namespace relax_spectro {

/// What became of one recording of a batch.
enum class BatchStatus {
  done,       ///< its results were made
  kept,       ///< they were there already, whole and made alike
  failed,     ///< a stage failed
  different,  ///< a result is there already that was made otherwise, or is not one
};

[[nodiscard]] std::string_view to_string(BatchStatus status);

/// What a batch's table says of a result of explain.
struct ResultFacts {
  double duration_s = 0.0;  ///< of the recording
  std::size_t windows = 0;
  std::size_t masks = 0;                    ///< evaluated, over all windows
  std::optional<double> noise_to_contrast;  ///< the largest window's; nothing: one has none
  std::size_t unresolved_windows = 0;       ///< whose map is not above its noise
  /// The masks' cell about the peak of the contrast map, rounded; nothing: it has no values.
  std::optional<TimeFrequencyBox> peak;
  double seconds = 0.0;  ///< that making it took
};

/// @param contrast  the result's map of that name.
[[nodiscard]] ResultFacts result_facts(const ResultSummary& summary, const RecordedRun& run,
                                       const ResultMap& contrast);

/// Reads them from a result's files. @throws IoError  as read_result_summary and read_result_map
[[nodiscard]] ResultFacts result_facts(const std::filesystem::path& json_path);

/// One line of a batch's table.
struct BatchRow {
  std::filesystem::path file;
  std::string label = {};
  BatchStatus status = BatchStatus::done;
  std::string stage = {};   ///< that failed, or whose result is different: read, explain or flip
  std::string reason = {};  ///< why
  std::filesystem::path result = {};  ///< below the output folder, without ending
  std::optional<ResultFacts> facts = {};
  std::optional<FlipSummary> flip = {};  ///< where it was flipped

  /// Whether all results that were asked for are there.
  [[nodiscard]] bool is_good() const {
    return status == BatchStatus::done || status == BatchStatus::kept;
  }
};

/// The rows as CSV, with a header, as data/FORMAT.md says.
[[nodiscard]] std::string batch_csv(std::span<const BatchRow> rows);

/// What a batch calls its table. @param shard  the ending that marks that of a share
[[nodiscard]] std::string batch_table_name(std::string_view shard = "");

/// A recording that a batch did not finish.
struct UnfinishedRecording {
  std::string file;
  std::string stage;   ///< that failed, or whose result is different
  std::string reason;  ///< why
};

/// Those that the table of a batch's folder lists, in its order; none where it has no such table.
/// @throws IoError  the table cannot be read.
[[nodiscard]] std::vector<UnfinishedRecording> unfinished_recordings(
    const std::filesystem::path& folder);

}  // namespace relax_spectro
