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

/// @param result  with its array contrast.
[[nodiscard]] ResultFacts result_facts(const Result& result);

/// What a batch's table says of a flipping.
struct FlipFacts {
  double gain_over_loudness = 0.0;  ///< FlipGains::over_amplitude
  double gain_over_chance = 0.0;    ///< FlipGains::over_random
  bool beats_loudness = false;
  bool beats_chance = false;
  double seconds = 0.0;  ///< that making it took
};

/// Nothing where it was not of the protocol `orders`.
[[nodiscard]] std::optional<FlipFacts> flip_facts(const FlipResult& result);

/// One line of a batch's table.
struct BatchRow {
  std::filesystem::path file;
  std::string label = {};
  BatchStatus status = BatchStatus::done;
  std::string stage = {};   ///< that failed, or whose result is different: read, explain or flip
  std::string reason = {};  ///< why
  std::filesystem::path result = {};  ///< below the output folder, without ending
  std::optional<ResultFacts> facts = {};
  std::optional<FlipFacts> flip = {};  ///< where it was flipped

  /// Whether all results that were asked for are there.
  [[nodiscard]] bool is_good() const {
    return status == BatchStatus::done || status == BatchStatus::kept;
  }
};

/// The rows as CSV, with a header, as data/FORMAT.md says.
[[nodiscard]] std::string batch_csv(std::span<const BatchRow> rows);

/// What a batch calls its table. @param shard  the ending that marks that of a share
[[nodiscard]] std::string batch_table_name(std::string_view shard = "");

/// Reads the rows of a batch's table. What names had that is not UTF-8 is lost, but a `result` that
/// is there is found again.
/// @throws IoError  it is not such a table.
[[nodiscard]] std::vector<BatchRow> read_batch_table(const std::filesystem::path& path);

/// The rows of a table that is there already, if this tool made it, that still speak of something:
/// whose result is there, or, of those without one, whose recording is.
/// @throws IoError  it cannot be read as a batch's table; the message says to move it away.
[[nodiscard]] std::vector<BatchRow> lasting_rows(const std::filesystem::path& path);

/// Both, sorted by recording. An earlier row goes where a later one is of the same recording and
/// result, or knows that result, or where the earlier one had no result of its recording.
[[nodiscard]] std::vector<BatchRow> joined_rows(std::span<const BatchRow> earlier,
                                                std::span<const BatchRow> later);

/// The recordings that the tables of batches in a folder, and in those below, list as not finished:
/// failed, or with a result that was made otherwise and cannot be read. Of several tables that name
/// one, the last that was written counts. Tables that this tool did not make are passed over, and
/// folders that cannot be read; links to folders are followed.
/// @throws IoError  a table cannot be read.
[[nodiscard]] std::vector<BatchRow> unfinished_recordings(const std::filesystem::path& folder);

}  // namespace relax_spectro
