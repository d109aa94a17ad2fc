#pragma once

#include <optional>
#include <span>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::core {

/// Standard error of the mean of independent maps with equal weight, for each bin. NaN in all bins
/// with fewer than two maps.
[[nodiscard]] Array2d<double> standard_error(std::span<const Array2d<double>> block_maps);

/// Noise over contrast, h = sqrt(E / (V - E)), from maps with their means removed. E is the mean
/// over bins of the squared standard error of their mean. V is the variance of that mean over bins.
/// Nothing with fewer than two maps, or if V <= E, i.e. if the map is not above its noise.
[[nodiscard]] std::optional<double> noise_to_contrast(std::span<const Array2d<double>> block_maps);

}  // namespace relax_spectro::core
