#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "occlusion/recording_windows.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro {

/// A model's outputs for the windows of a recording, one row each.
struct Embeddings {
  Array2d<float> embedding;     ///< [window, size]; no columns if the card names none
  Array2d<float> class_scores;  ///< [window, classes], as the network returns them
  /// [window, 2 · bands]: the mean of each band of the model's input over time, then the standard
  /// deviations. This is what loudness and pitch alone say of a window.
  Array2d<float> bands;
  std::vector<double> first_frame_s;  ///< centre of each window's first frame
  std::vector<double> last_frame_s;   ///< centre of each window's last frame
  std::vector<std::string> warnings;
};

/// The outputs of all windows of a source, one row each.
/// @throws ModelError, MemoryError
[[nodiscard]] ModelOutputs run_all(Engine& engine, const WindowSource& windows);

/// What the model gets instead of a window, of the same shape. Called from several threads in
/// parallel.
using ChangeWindow = std::function<Array2d<float>(const NetworkWindow& window)>;

/// Runs every window of a recording through the model.
/// @param change  changes each window first; empty: none.
/// @throws ConfigError, ModelError, MemoryError
[[nodiscard]] Embeddings embed(Engine& engine, const Audio& audio, const WindowOptions& options,
                               const ChangeWindow& change = {});

/// The mean embedding of a recording's windows, in one row. Other recordings can be compared with
/// it.
/// @throws ConfigError, ModelError, MemoryError
[[nodiscard]] ModelOutputs mean_embedding(Engine& engine, const Audio& audio,
                                          const WindowOptions& options);

}  // namespace relax_spectro
