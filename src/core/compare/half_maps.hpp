#pragma once

#include <array>
#include <optional>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The contrast from either half of a result's masks, [frequency, time]: the same map twice, with
/// independent noise. The masks are drawn again from the seed, and the estimator is that of the
/// result. Halves take turns by blocks of the design, so that equal blocks of two results are in
/// the same half.
/// A sweep has no noise, and both maps are its contrast.
/// @returns  nothing for masks that cannot be drawn again or have no halves: adaptive cells, the
///           estimator `expected`, or fewer than two blocks.
/// @param result  with its array scores, or contrast if it is of a sweep.
[[nodiscard]] std::optional<std::array<Array2d<double>, 2>> half_maps(const Result& result);

}  // namespace relax_spectro
