#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/mask_law.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/results/mask_cells.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/results/result_predictions.hpp"

namespace relax_spectro {

/// The map of a result of explain, read back. Arrays over the spectrogram are [frequency, time].
struct StoredMap {
  Array2d<double> importance;
  Array2d<double> contrast;
  Array2d<double> standard_error;  ///< of the importance
  /// Of the contrast. Note [The contrast is surer than the importance]
  Array2d<double> contrast_error;
  std::vector<double> time_s;        ///< frame centres, rising
  std::vector<double> frequency_hz;  ///< band centres, rising
  /// Of the standard errors: the least of the recording's windows. 0: nothing was random, or there
  /// were too few masks to tell.
  std::size_t degrees_of_freedom = 0;
  std::size_t cells = 0;  ///< of the masks, over all windows; 0: of a window sweep
  MaskCells mask_cells;   ///< how large they are, and the windows
  ResultPredictions predictions;
  Provenance provenance;
  /// What was asked, a field each ("masks.grid_asked" to "\"7x7\""): the recording's hash, the
  /// frames of its windows, and every option but the seed and those that change nothing but the
  /// speed.
  std::map<std::string, std::string> question;
};

/// Whether the JSON that is named calls itself a result of explain. @throws IoError  not JSON.
[[nodiscard]] bool is_result(const std::filesystem::path& json_path);

/// Reads the result whose JSON is named, and the arrays beside it.
/// @throws IoError  as read_result_summary; or an array is missing or has another shape than the
///                  others.
[[nodiscard]] StoredMap read_stored_map(const std::filesystem::path& json_path);

/// What bins cover, from edge to edge: edges lie halfway between bins, and as far beyond the outer
/// ones, but never below 0.
[[nodiscard]] TimeFrequencyBox box_around(const StoredMap& map, BinRange bands, BinRange frames);

}  // namespace relax_spectro
