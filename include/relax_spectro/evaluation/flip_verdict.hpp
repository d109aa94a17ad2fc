#pragma once

#include <span>
#include <string>

#include "relax_spectro/evaluation/flipping.hpp"

namespace relax_spectro {

/// What the test of one map says, for a person: "beats loudness by 0.12 and chance by 0.31 (better
/// than all 19 random orders)".
[[nodiscard]] std::string verdict_of(const FlipGains& gains);

/// The same over recordings, a line each for loudness and for chance: in how many, the mean gain
/// with its 95 % bootstrap interval, and the sign test's p.
/// @throws ConfigError  no recording.
[[nodiscard]] std::string verdict_over(std::span<const FlipGains> recordings);

}  // namespace relax_spectro
