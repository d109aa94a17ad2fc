#pragma once

#include <span>
#include <string>
#include <vector>

#include "masks/mask_family.hpp"
#include "occlusion/recording_windows.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "saliency/window_study.hpp"

namespace relax_spectro::core {

/// Makes the maps of a recording's windows for one score, joins them along time, and warns of
/// problems.
/// @param studies  one for each window, in order.
/// @param score    index of the score.
[[nodiscard]] Explanation assemble(const RecordingWindows& recording, SharedMasks& masks,
                                   const ExplainOptions& options,
                                   std::span<const WindowStudy> studies, std::size_t score);

/// From this share of digital silence on, the effect of the fill there may outweigh the rest.
inline constexpr double kMuchSilence = 0.2;

/// Warns of windows with digital silence. If a window is largely silent, the warning explains the
/// effect of the fill.
void warn_of_silence(const ExplainOptions& options, Explanation& result);

/// Inserts the warnings about the recording and the engine before those about the map.
void put_first(const std::vector<std::string>& of_recording,
               const std::vector<std::string>& of_engine, std::vector<std::string>& of_map);

}  // namespace relax_spectro::core
