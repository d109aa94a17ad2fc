#pragma once

#include <span>
#include <string>
#include <vector>

#include "masks/mask_family.hpp"
#include "occlusion/recording_windows.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "saliency/window_study.hpp"

namespace relax_spectro::core {

/// Joins the maps of a recording's windows along time, and says in warnings what they lack.
/// @param studies  one for each window, in order.
[[nodiscard]] Explanation assemble(const RecordingWindows& recording, const MaskSet& set,
                                   const ExplainOptions& options,
                                   std::span<const WindowStudy> studies);

/// Says in warnings which windows are digital silence, and, where it is a large part of a window,
/// what the fill does there.
void warn_of_silence(const ExplainOptions& options, Explanation& result);

/// Puts what was said of the recording, and of running its windows, before what is said of the map.
void put_first(const std::vector<std::string>& of_recording,
               const std::vector<std::string>& of_engine, std::vector<std::string>& of_map);

}  // namespace relax_spectro::core
