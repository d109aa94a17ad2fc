#pragma once

#include <cstddef>
#include <optional>

namespace relax_spectro {

/// The smallest share of errors in a part that Fisher's exact test (two-sided, at `alpha`) would
/// tell from the rest in 80 % of samples. A part without a finding may still be worse, up to this
/// share.
/// @param error  the share of errors in the rest, from 0 to 1.
/// @param part,rest  numbers of independent trials.
/// @returns nothing if not even errors everywhere would be found.
[[nodiscard]] std::optional<double> detectable_error(double error, std::size_t part,
                                                     std::size_t rest, double alpha);

}  // namespace relax_spectro
