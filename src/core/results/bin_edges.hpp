#pragma once

#include <span>

namespace relax_spectro::core {

/// A place on an axis: edges of bins lie halfway between their centres, and as far beyond the outer
/// ones, but never below 0.
/// @param position  0: where the first bin begins; their number: where the last one ends.
[[nodiscard]] double place_at(std::span<const double> centres, double position);

}  // namespace relax_spectro::core
