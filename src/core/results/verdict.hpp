#pragma once

#include <string>

#include "evaluation/flipping.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// Whether a map can be trusted, in one sentence, and a second with what to do about it. The first
/// of these rules that applies decides:
/// 1. All frames are digital silence, or a fifth of them is and masks put something else there.
/// 2. Windows are unresolved: their maps do not rise above their noise.
/// 3. The map is resolved: its noise, its cells, and whether it beats loudness and chance.
/// @param result  its arrays are not needed.
/// @param gains   of a pixel flipping of the result's importance, or null if there was none.
[[nodiscard]] std::string verdict_of(const Result& result, const FlipGains* gains = nullptr);

/// The verdict without what pixel flipping found, for figures: a test can follow them.
[[nodiscard]] std::string resolution_of(const Result& result);

/// Whether the third rule decides.
[[nodiscard]] bool is_resolved(const Result& result);

/// What was heard, if the model has classes, and the verdict.
[[nodiscard]] std::string said_of(const Result& result, const FlipGains* gains = nullptr);

/// Whether masks leave silence as it is. The other fills put something else there, almost always.
[[nodiscard]] bool keeps_silence(const Fill& fill);

}  // namespace relax_spectro
