#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/results/result.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro {

/// The outcome for one recording of a batch.
enum class BatchStatus {
  done,       ///< its results were made
  kept,       ///< complete results with the same options already existed
  failed,     ///< a stage failed
  different,  ///< another result with that name already exists, or a file that is not a result
};

[[nodiscard]] std::string_view to_string(BatchStatus status);

/// The columns of a batch's table about a result of explain.
struct ResultFacts {
  double duration_s = 0.0;  ///< of the recording
  std::size_t windows = 0;
  std::size_t masks = 0;                    ///< evaluated, over all windows
  std::optional<double> noise_to_contrast;  ///< the largest of all windows; nothing: a window has
                                            ///< none
  std::size_t unresolved_windows = 0;       ///< whose map is not above its noise
  /// The masks' cell around the peak of the contrast map, rounded; nothing: the map has no values.
  std::optional<TimeFrequencyBox> peak;
  double seconds = 0.0;             ///< computing time
  std::optional<HeardClass> heard;  ///< the class with the highest probability in any window
};

/// @param result  with its array contrast.
[[nodiscard]] ResultFacts result_facts(const Result& result);

/// The columns of a batch's table about a flipping.
struct FlipFacts {
  double gain_over_loudness = 0.0;  ///< FlipGains::over_amplitude
  double gain_over_chance = 0.0;    ///< FlipGains::over_random
  bool beats_loudness = false;
  bool beats_chance = false;
  double seconds = 0.0;  ///< computing time
};

/// Nothing unless the protocol was `orders`.
[[nodiscard]] std::optional<FlipFacts> flip_facts(const FlipResult& result);

/// One row of a batch's table.
struct BatchRow {
  std::filesystem::path file;
  std::string label = {};
  std::string score = {};
  BatchStatus status = BatchStatus::done;
  std::string stage = {};   ///< that failed or found a different result: read, explain or flip
  std::string reason = {};  ///< why
  std::filesystem::path result = {};  ///< relative to the output folder, without ending
  std::optional<ResultFacts> facts = {};
  std::optional<FlipFacts> flip = {};  ///< if it was flipped

  /// Whether all requested results exist.
  [[nodiscard]] bool is_good() const {
    return status == BatchStatus::done || status == BatchStatus::kept;
  }
  /// Whether the recording failed, or a different file is in its result's place that cannot be read
  /// as a result.
  [[nodiscard]] bool is_unfinished() const {
    return !is_good() && !(status == BatchStatus::different && facts);
  }
};

/// The rows as CSV with a header (data/FORMAT.md).
[[nodiscard]] std::string batch_csv(std::span<const BatchRow> rows);

/// The file name of a batch's table. @param shard  the ending that marks the table of a shard
[[nodiscard]] std::string batch_table_name(std::string_view shard = "");

/// Reads the rows of a batch's table. Bytes that are not UTF-8 are lost from names, but existing
/// files in `result` are found again.
/// @throws IoError  the file is not such a table.
[[nodiscard]] std::vector<BatchRow> read_batch_table(const std::filesystem::path& path);

/// The rows of an existing table of this tool that are still valid: their result exists or, for
/// rows without one, their recording.
/// @throws IoError  the table cannot be read; the message says to move it away.
[[nodiscard]] std::vector<BatchRow> lasting_rows(const std::filesystem::path& path);

/// Both tables joined, sorted by recording. A later row replaces an earlier one with the same
/// recording and result, or with the same result. It also replaces an earlier row of its recording
/// that has no result.
[[nodiscard]] std::vector<BatchRow> joined_rows(std::span<const BatchRow> earlier,
                                                std::span<const BatchRow> later);

/// The rows of all tables of batches in a folder and its subfolders. If several tables name a
/// recording with the same result, the latest one counts. Tables that this tool did not make and
/// unreadable folders are skipped. Links to folders are followed.
/// @returns rows whose `result` begins with the folder.
/// @throws IoError  a table cannot be read.
[[nodiscard]] std::vector<BatchRow> rows_below(const std::filesystem::path& folder);

/// Those of them that are unfinished. @throws IoError  as rows_below.
[[nodiscard]] std::vector<BatchRow> unfinished_recordings(const std::filesystem::path& folder);

}  // namespace relax_spectro
