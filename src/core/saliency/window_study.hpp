#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "masks/mask_family.hpp"
#include "occlusion/occlusion.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/score.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::core {

/// What came of one window.
struct WindowStudy {
  WindowScores measured;  ///< of masks 0, 1, ...
  Saliency saliency;
  std::optional<RepeatMaps> repeat;  ///< where the options ask for it
};

/// Told of masks evaluated and to be evaluated, as forecast so far, for one window.
using StudyProgress = std::function<void(std::size_t masks_done, std::size_t masks_forecast)>;

/// The estimator that is used: the one asked for, or the best that the masks allow.
[[nodiscard]] Estimator resolved_estimator(const ExplainOptions& options, const MaskSet& set);
/// The same where masks are not made.
/// @param independent_cells  of MaskDesign.
/// @param grid               the cells of a mask.
[[nodiscard]] Estimator resolved_estimator(const ExplainOptions& options, bool independent_cells,
                                           Shape2d grid);

/// How many masks a window gets; with an automatic count the most.
[[nodiscard]] std::size_t masks_to_evaluate(const MaskSet& set, const ExplainOptions& options);
/// With an automatic count the fewest.
[[nodiscard]] std::size_t masks_to_begin_with(const MaskSet& set, const ExplainOptions& options);

/// A window of a recording and what stands where masks hide it.
[[nodiscard]] OccludedWindow occluded_window(const Spectrogram& spectrogram, FrameRange range,
                                             const ExplainOptions& options);

/// Evaluates masks on one window, as many as asked for or until the map is good enough, and
/// estimates its map. With an automatic count: eight blocks of the design to begin with, then as
/// many more as the noise so far forecasts, N (h / tolerance)^2, at most doubling. No more than the
/// first where more would show nothing: in digital silence, and where the score never changes.
[[nodiscard]] WindowStudy study_window(Engine& engine, const Spectrogram& spectrogram,
                                       FrameRange range, const MaskSet& set,
                                       const ExplainOptions& options,
                                       const StudyProgress& progress);

}  // namespace relax_spectro::core
