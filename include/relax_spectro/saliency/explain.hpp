#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/masks/mask_options.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "relax_spectro/occlusion/prediction.hpp"
#include "relax_spectro/occlusion/score.hpp"
#include "relax_spectro/saliency/saliency.hpp"

namespace relax_spectro {

/// How a recording is explained. The defaults are those of the command line.
struct ExplainOptions {
  MaskOptions masks;
  Fill fill;
  ScoreSpec score;
  /// Outputs that the score compares with, instead of the unmasked input's: another recording's.
  std::optional<ModelOutputs> reference;
  /// With a score of a class: the class that is measured in each window, whatever the score names.
  /// Empty: the one that it names.
  std::vector<std::size_t> window_classes;
  std::optional<Estimator> estimator;  ///< without it: regression where the design allows it
  UncertaintyScale uncertainty = UncertaintyScale::variance;
  std::optional<RepeatOptions> repeat;  ///< also tell REPEAT's maps
  std::optional<double> hop_s;          ///< from window to window; without it the card's

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// What a model said of consecutive masks of one window.
struct WindowScores {
  double unmasked_score = 0.0;
  std::optional<std::size_t> class_index;  ///< the class that was measured, if any
  std::vector<HeardClass> heard;           ///< of the unmasked window, the best class first
  std::vector<double> scores;              ///< one for each mask
};

/// What was measured of one window.
struct WindowSummary {
  FrameRange frames;
  double first_frame_s = 0.0;  ///< centres of its frames, from the recording's start
  double last_frame_s = 0.0;
  double unmasked_score = 0.0;
  std::size_t masks = 0;    ///< that were evaluated
  std::size_t blocks = 0;   ///< Saliency::blocks
  double score_mean = 0.0;  ///< over the masks
  double score_sd = 0.0;
  std::optional<std::size_t> class_index;   ///< the class that was measured, if any
  std::vector<HeardClass> heard;            ///< of the unmasked window, the best class first
  std::optional<double> noise_to_contrast;  ///< nothing: the map is not above its noise
  std::size_t silent_frames = 0;            ///< that are digital silence

  /// Whether the map shows more than its own noise.
  [[nodiscard]] bool resolved() const { return noise_to_contrast && *noise_to_contrast <= 1.0; }
  [[nodiscard]] bool all_silent() const { return silent_frames == frames.count; }
};

/// How something was made, where the options leave it open.
struct ResolvedMethod {
  Shape2d grid;                               ///< the masks' cells
  CellLayout layout;                          ///< of the masks' cells
  std::string design;                         ///< MaskSet::design_name
  std::uint64_t effective_seed = 0;           ///< MaskOptions::effective_seed
  Estimator estimator = Estimator::mask_sum;  ///< the one that was used
  double hop_s = 0.0;                         ///< from window to window
  EngineUse engine;                           ///< how windows were run
};

/// A recording's map. Arrays over the spectrogram are [frequency, time].
struct Explanation {
  Spectrogram spectrogram;
  Saliency saliency;  ///< joined along time, overlapping windows averaged;
                      ///< noise_to_contrast is the largest window's, nothing if one has none
  /// Importance less its window's mean score: how much keeping a bin raises the score. Windows
  /// differ in their mean score, so this is what can be compared, and looked at, along a long
  /// recording.
  Array2d<double> contrast;
  Array2d<double> u_relax;
  std::optional<RepeatMaps> repeat;  ///< joined along time
  Array2d<double> scores;            ///< [window, mask]; NaN behind a window's last mask
  std::vector<WindowSummary> windows;
  ResolvedMethod method;
  std::vector<SizeSummary> sizes;  ///< of the window family: one for each of its windows, in order
  std::size_t steepest_size = 0;   ///< the one of `sizes` at which the score falls most; all else
                                   ///< here is of that size
  std::vector<std::string> warnings;
};

/// Told of masks evaluated and to be evaluated, over all windows.
using ExplainProgress = std::function<void(std::size_t masks_done, std::size_t masks_total)>;

/// Explains every window of a recording and joins the maps.
///
/// A recording shorter than one window is padded at its end with digital silence, and a warning
/// says so. Every window has the same masks. With several windows of the window family, each has a
/// sweep of its own. Warnings say where the recording is digital silence: with an automatic count
/// of masks, a window of silence throughout gets the first ones and no more.
/// @throws ConfigError  options out of range, or at odds with the model or its windows.
/// @throws ModelError, MemoryError
/// @throws AudioError   the recording cannot be turned into a spectrogram.
[[nodiscard]] Explanation explain(Engine& engine, const Audio& audio, const ExplainOptions& options,
                                  const ExplainProgress& progress = {});

}  // namespace relax_spectro
