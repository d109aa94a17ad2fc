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
  /// Further scores that are measured in the same run. Each has a map of its own, from the same
  /// masks and forward passes. With an automatic count, masks are added until all maps meet the
  /// tolerance. See explain_scores().
  std::vector<ScoreSpec> more_scores;
  /// Outputs of another recording, with which the score compares instead of the unmasked input.
  std::optional<ModelOutputs> reference;
  /// For scores of a class: the class to measure in each window. If empty, the score's own class.
  std::vector<std::size_t> window_classes;
  std::optional<Estimator> estimator;  ///< without it: regression if the design allows it
  UncertaintyScale uncertainty = UncertaintyScale::variance;
  std::optional<RepeatOptions> repeat;  ///< also compute REPEAT's maps
  std::optional<double> hop_s;          ///< from window to window; without it, the card's hop

  /// `score` and `more_scores`.
  [[nodiscard]] std::vector<ScoreSpec> scores() const;
  /// Whether there are more scores than one, or there may be: `all` stands for each class.
  [[nodiscard]] bool measures_several() const;
  /// Whether any score compares embeddings.
  [[nodiscard]] bool compares_embeddings() const;
  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// A model's scores for consecutive masks of one window.
struct WindowScores {
  double unmasked_score = 0.0;
  std::optional<MeasuredClasses> classes;  ///< the measured classes, if any
  std::vector<double> scores;              ///< one for each mask
};

/// A cell of adaptive masks, and what it does to the score.
struct AdaptiveCell {
  std::size_t first_band = 0;  ///< of the spectrogram
  std::size_t bands = 0;
  std::size_t first_frame = 0;  ///< of the recording
  std::size_t frames = 0;
  double effect = 0.0;  ///< how much the mean score of the masks that keep it is above all masks'
  double standard_error = 0.0;  ///< of the effect
};

/// A summary of one window.
struct WindowSummary {
  FrameRange frames;
  double first_frame_s = 0.0;  ///< centre of its first frame, from the recording's start
  double last_frame_s = 0.0;
  double unmasked_score = 0.0;
  std::size_t masks = 0;    ///< number of evaluated masks
  std::size_t blocks = 0;   ///< see Saliency::blocks
  double score_mean = 0.0;  ///< over the masks
  double score_sd = 0.0;
  std::optional<std::size_t> class_index;   ///< the measured class, if any
  std::optional<std::size_t> minus_class;   ///< the class whose score is subtracted, if any
  std::vector<HeardClass> heard;            ///< for the unmasked window, best class first
  std::optional<double> noise_to_contrast;  ///< nothing: the map is not above its noise
  std::size_t silent_frames = 0;            ///< frames of digital silence
  std::vector<AdaptiveCell> cells;          ///< for masks with adaptive cells only

  /// Whether the map is above its own noise.
  [[nodiscard]] bool resolved() const { return noise_to_contrast && *noise_to_contrast <= 1.0; }
  [[nodiscard]] bool all_silent() const { return silent_frames == frames.count; }
};

/// Settings that the options leave open, as they were resolved.
struct ResolvedMethod {
  Shape2d grid;                               ///< cells of the masks
  CellLayout layout;                          ///< layout of those cells
  std::string design;                         ///< MaskSet::design_name
  std::uint64_t effective_seed = 0;           ///< MaskOptions::effective_seed
  Estimator estimator = Estimator::mask_sum;  ///< the estimator that was used
  double hop_s = 0.0;                         ///< from window to window
  EngineUse engine;                           ///< how windows were run
};

/// The map of a recording. Arrays over the spectrogram are [frequency, time].
struct Explanation {
  Spectrogram spectrogram;
  Saliency saliency;  ///< joined along time, with overlapping windows averaged; its
                      ///< noise_to_contrast is the largest of all windows, or nothing if a window
                      ///< has none
  /// Importance minus its window's mean score: how much keeping a bin raises the score. Mean scores
  /// differ between windows, so only contrast is comparable along a long recording.
  Array2d<double> contrast;
  Array2d<double> u_relax;
  std::optional<RepeatMaps> repeat;  ///< joined along time
  Array2d<double> scores;            ///< [window, mask]; NaN after a window's last mask
  std::vector<WindowSummary> windows;
  ResolvedMethod method;
  std::vector<SizeSummary> sizes;  ///< for the window family: one for each window size, in order
  std::size_t steepest_size = 0;   ///< index in `sizes` of the largest drop; all other members are
                                   ///< for that size
  std::vector<std::string> warnings;
};

/// Receives the number of masks done and the total, over all windows.
using ExplainProgress = std::function<void(std::size_t masks_done, std::size_t masks_total)>;

/// Explains every window of a recording, and joins the maps.
///
/// A recording shorter than one window is padded at its end with digital silence, with a warning.
/// All windows use the same masks. With several windows of the window family, there is a sweep for
/// each. Warnings report digital silence. With an automatic count, a silent window gets only the
/// first masks.
/// @throws ConfigError  options out of range, or in conflict with the model or its windows.
/// @throws ModelError, MemoryError
/// @throws AudioError   the recording cannot be converted to a spectrogram.
[[nodiscard]] Explanation explain(Engine& engine, const Audio& audio, const ExplainOptions& options,
                                  const ExplainProgress& progress = {});

/// Receives the map of one score, and its score.
using TakeExplanation = std::function<void(const ScoreSpec& score, Explanation explanation)>;

/// Explains a recording for several scores. Masks and forward passes happen once. Then the maps are
/// made and passed on one after the other, in the order of expanded_scores(). For a fixed number of
/// masks, each map has the same bits as if it were made alone.
/// @throws as explain, and what `take` throws.
void explain_scores(Engine& engine, const Audio& audio, const ExplainOptions& options,
                    const TakeExplanation& take, const ExplainProgress& progress = {});

}  // namespace relax_spectro
