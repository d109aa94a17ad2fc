#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/evaluation/flipping.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/provenance.hpp"

namespace relax_spectro {

/// Where a flipping comes from: what the curves do not say.
struct FlipSource {
  std::string command_line;
  SourceFile result;  ///< the JSON of the map's result
  std::string map;    ///< the array of that result that orders the input
  SourceFile input;   ///< the recording
  SourceFile model;
  std::string runtime;  ///< Model::runtime()
  double seconds = 0.0;
};

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @param figure  as in write_result.
/// @throws IoError  as write_result.
void write_flipping(const std::filesystem::path& stem, const Flipping& flipping,
                    const FlipOptions& options, const FlipSource& source, Overwrite overwrite,
                    OutputFile* figure = nullptr);

/// What the JSON of a flipping says of its outcome.
struct FlipSummary {
  /// Of the protocol `orders`; without FlipGains::rounding, which beats_* have counted with.
  std::optional<FlipGains> gains;
  bool beats_loudness = false;
  bool beats_chance = false;
  double seconds = 0.0;
};

/// @throws IoError  not the JSON of a flipping.
[[nodiscard]] FlipSummary read_flip_summary(const std::filesystem::path& path);

/// A curve of a flipping, read back.
struct StoredCurve {
  std::string name;        ///< as of FlipCurve
  Array2d<double> scores;  ///< [order, step]
  double mean_auc = 0.0;
};

/// A flipping, read back.
struct StoredFlipping {
  FlipSummary summary;
  std::vector<double> fraction;  ///< for each step, rising
  std::vector<StoredCurve> curves;
  std::string verdict;        ///< in words; empty with another protocol than `orders`
  std::string score;          ///< that the curves are of
  std::string unit;           ///< what is flipped: "cells"
  std::string result_sha256;  ///< of the JSON of the result that was tested
  std::string command_line;
  std::string options_json;
  std::vector<std::string> warnings;
};

/// Reads a flipping's JSON and the arrays beside it.
/// @throws IoError  as read_flip_summary; or an array is missing or does not fit.
[[nodiscard]] StoredFlipping read_flipping(const std::filesystem::path& json_path);

}  // namespace relax_spectro
