#pragma once

#include <functional>
#include <vector>

#include "relax_spectro/engine.hpp"
#include "relax_spectro/explain.hpp"
#include "relax_spectro/mask_family.hpp"
#include "relax_spectro/occlusion.hpp"
#include "relax_spectro/score.hpp"

namespace relax_spectro::core {

/// What came of one window.
struct WindowStudy {
  std::vector<double> scores;  ///< of masks 0, 1, ...
  Saliency saliency;
  WindowSummary summary;  ///< all but its frames
};

/// Told of masks evaluated and to be evaluated, as forecast so far, for one window.
using StudyProgress = std::function<void(std::size_t masks_done, std::size_t masks_forecast)>;

/// The estimator that is used: the one asked for, or the best that the masks allow.
[[nodiscard]] Estimator resolved_estimator(const ExplainOptions& options, const MaskDesign& design);

/// Evaluates masks on one window, as many as asked for or until the map is good enough, and
/// estimates its map. With an automatic count: eight blocks of the design to begin with, then as
/// many more as the noise so far forecasts, N (h / tolerance)^2, at most doubling.
[[nodiscard]] WindowStudy study_window(Engine& engine, const OccludedWindow& occluded,
                                       const MaskSet& set, const ExplainOptions& options,
                                       const StudyProgress& progress);

}  // namespace relax_spectro::core
