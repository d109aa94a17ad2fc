#pragma once

#include <span>
#include <string>

#include "evaluation/flipping.hpp"

namespace relax_spectro {

/// What the test of one map says, for a person: "beats loudness by 0.12; beats chance by 0.31
/// (better than all 19 random orders)".
[[nodiscard]] std::string verdict_of(const FlipGains& gains);

/// The same over recordings, a line each for loudness and for chance: in how many the map beats
/// it, the mean gain with its 95 % bootstrap interval (bootstrap_interval), and the p of the sign
/// test of the gains.
/// @pre one recording or more.
[[nodiscard]] std::string verdict_over(std::span<const FlipGains> recordings);

}  // namespace relax_spectro
