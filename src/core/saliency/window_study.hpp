#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "masks/mask_family.hpp"
#include "occlusion/occlusion.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/score.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "saliency/mask_sample.hpp"

namespace relax_spectro::core {

/// The map of one window, for one score.
struct WindowMap {
  Saliency saliency;
  std::vector<AdaptiveCell> cells;   ///< of adaptive masks; frames count from the window's first
  std::optional<RepeatMaps> repeat;  ///< if requested
};

/// What was measured in one window.
struct WindowStudy {
  std::vector<HeardClass> heard;       ///< for the unmasked window, best class first
  std::vector<WindowScores> measured;  ///< for each score: of masks 0, 1, ...
  std::optional<WindowMap> map;        ///< of a single score, if it was made on the way
};

/// Receives the number of masks done, and the current forecast of the total, for one window.
using StudyProgress = std::function<void(std::size_t masks_done, std::size_t masks_forecast)>;

/// The estimator that is used: the requested one, or the best one for these masks.
[[nodiscard]] Estimator resolved_estimator(const ExplainOptions& options, const MaskSet& set);
/// The same without making masks.
/// @param independent_cells  of MaskDesign.
/// @param grid               the cells of a mask.
[[nodiscard]] Estimator resolved_estimator(const ExplainOptions& options, bool independent_cells,
                                           Shape2d grid);

/// The number of masks for a window; with an automatic count, the maximum.
[[nodiscard]] std::size_t masks_to_evaluate(const MaskSet& set, const ExplainOptions& options);
/// The same; with an automatic count, the minimum.
[[nodiscard]] std::size_t masks_to_begin_with(const MaskSet& set, const ExplainOptions& options);

/// Evaluates masks on one window. With an automatic count it starts with eight blocks of the design.
/// It then adds as many as the noise of the maps so far suggests, N (h / tolerance)^2, at most
/// doubling each time. It stops after the first masks if the window is digital silence, and counts no
/// score that never changes.
/// @param scores  what is measured. Adaptive masks take one.
[[nodiscard]] WindowStudy study_window(Engine& engine, const Spectrogram& spectrogram,
                                       FrameRange range, SharedMasks& masks,
                                       const ExplainOptions& options,
                                       std::span<const ScoreSpec> scores,
                                       const StudyProgress& progress);

/// The map of one score of a window.
[[nodiscard]] WindowMap window_map(SharedMasks& masks, const WindowStudy& study, std::size_t score,
                                   const ExplainOptions& options);

}  // namespace relax_spectro::core
