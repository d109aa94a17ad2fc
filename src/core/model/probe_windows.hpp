#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::core {

/// Windows to try a model on, of the front end's range, each different: the first is nearly silent,
/// the others are waves above it. [batch, frequency, time].
[[nodiscard]] std::vector<float> probe_windows(const ModelCard& card, std::size_t batch,
                                               std::size_t frames);

/// The largest difference between two outputs for the same windows, over the largest size of either
/// in that row; infinite where even the shapes differ.
[[nodiscard]] double relative_difference(const ModelOutputs& a, const ModelOutputs& b);

/// The same for row `row_a` of one and `row_b` of the other.
[[nodiscard]] double relative_difference(const ModelOutputs& a, std::size_t row_a,
                                         const ModelOutputs& b, std::size_t row_b);

}  // namespace relax_spectro::core
