#pragma once

#include <span>
#include <string>

#include "evaluation/flipping.hpp"

namespace relax_spectro {

/// The result of the test of one map, as text: "beats loudness by 0.12; beats chance by 0.31
/// (better than all 19 random orders)".
[[nodiscard]] std::string verdict_of(const FlipGains& gains);

/// The same over several recordings, with a line each for loudness and for chance. A line has the
/// number of recordings in which the map wins and the mean gain. It also has its 95 % bootstrap
/// interval (bootstrap_interval) and the p-value of the sign test.
/// @pre one recording or more.
[[nodiscard]] std::string verdict_over(std::span<const FlipGains> recordings);

}  // namespace relax_spectro
