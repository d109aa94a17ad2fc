#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// A map of a result, and what it lies over.
struct ResultMap {
  Array2d<double> values;            ///< [frequency, time]; NaN where the map has no value
  Array2d<double> spectrogram;       ///< [frequency, time], in the model's normalised units
  std::vector<double> time_s;        ///< centre of each frame, from the recording's start
  std::vector<double> frequency_hz;  ///< centre of each band, ascending
};

/// Reads one map from the `.npz` of a result.
/// @param json_path  the result's JSON; the arrays lie beside it.
/// @param name       of the map, as data/FORMAT.md has it: "contrast".
/// @throws IoError  as read_npz; or an array is missing, or does not fit the others.
[[nodiscard]] ResultMap read_result_map(const std::filesystem::path& json_path,
                                        const std::string& name);

}  // namespace relax_spectro
