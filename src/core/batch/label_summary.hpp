#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/statistics.hpp"
#include "batch/batch_table.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// The mean of a gain over recordings, with its 95 % interval.
struct MeanGain {
  double mean = 0.0;
  std::optional<Interval> interval;  ///< from bootstrap_interval
};

/// A summary of all recordings with one label, for one score.
struct LabelSummary {
  std::string label;
  std::string score;
  std::size_t files = 0;                         ///< with results
  std::size_t with_noise = 0;                    ///< of these, with a noise_to_contrast
  std::optional<double> mean_noise_to_contrast;  ///< of these
  std::size_t with_gains = 0;                    ///< of the files, with a flipping
  std::optional<MeanGain> over_loudness;         ///< of these; nothing: there are none
  std::optional<MeanGain> over_chance;
};

/// A label and a score.
using LabelAndScore = std::pair<std::string, std::string>;

/// The rows with results of each label and score. A recording counts once: its first row.
[[nodiscard]] std::map<LabelAndScore, std::vector<const BatchRow*>> rows_by_label(
    std::span<const BatchRow> rows);

/// A summary for each label and score, sorted. Rows without a label or results are skipped.
[[nodiscard]] std::vector<LabelSummary> summarise_labels(std::span<const BatchRow> rows);

/// The summaries as CSV with a header (data/FORMAT.md).
[[nodiscard]] std::string labels_csv(std::span<const LabelSummary> labels);

/// A unique file name for each label, without ending. Characters that file names should not contain
/// are replaced. With several scores, there is a name for each of them.
[[nodiscard]] std::map<LabelAndScore, std::string> label_file_names(
    std::span<const LabelAndScore> labels);

/// The mean of several recordings' maps, for each bin.
struct MeanMap {
  std::size_t files = 0;
  Array2d<double> contrast;  ///< [frequency, time]; NaN where no map has a value
  Array2d<double> sd;        ///< over recordings; NaN where fewer than two maps have a value
  std::vector<double> time_s;
  std::vector<double> frequency_hz;
};

/// Reads the contrast maps of results one by one, and computes their mean.
/// @param json_paths  of the results; one or more.
/// @throws IoError  as read_arrays; or the bins differ (the message names two results).
[[nodiscard]] MeanMap mean_contrast(std::span<const std::filesystem::path> json_paths);

/// Writes it as `.npz` (data/FORMAT.md). @throws IoError
void write_mean_map(const std::filesystem::path& path, const MeanMap& map, Overwrite overwrite);

}  // namespace relax_spectro
