#pragma once

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The standard errors of a result's contrast: [frequency, time]. See Note [The contrast is surer
/// than the importance]. If windows overlap, the largest error counts.
/// @param explanation  with its arrays contrast and standard_error.
[[nodiscard]] Array2d<double> contrast_errors(const Explanation& explanation);

/// The largest of many Student t values of one sign or the other, which chance exceeds with a
/// probability of `chance`. See Note [How many values are independent].
/// @param cells    of the masks, over all windows.
/// @param degrees  of freedom of each value, above 0.
[[nodiscard]] double largest_by_chance(double cells, double degrees, double chance);

}  // namespace relax_spectro
