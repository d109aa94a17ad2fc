#pragma once

#include <optional>
#include <span>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::core {

/// Standard error of the mean of independent maps of equal weight, for each bin; NaN throughout
/// with fewer than two maps.
[[nodiscard]] Array2d<double> standard_error(std::span<const Array2d<double>> block_maps);

/// Noise over contrast, h = sqrt(E / (V - E)): from mean-removed maps, E is the mean over bins of
/// the squared standard error of their mean, V the variance over bins of that mean. Nothing where
/// V <= E (the map is no more than its noise) or with fewer than two maps.
[[nodiscard]] std::optional<double> noise_to_contrast(std::span<const Array2d<double>> block_maps);

}  // namespace relax_spectro::core
