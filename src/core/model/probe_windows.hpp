#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::core {

/// Distinct windows for testing a model, in the range of the front end. The first is nearly silent,
/// and the others are waves of different level. [batch, frequency, time].
[[nodiscard]] std::vector<float> probe_windows(const ModelCard& card, std::size_t batch,
                                               std::size_t frames);

/// The largest difference between two outputs for the same windows, relative to the largest
/// absolute value in that row. Infinite if their shapes differ.
[[nodiscard]] double relative_difference(const ModelOutputs& a, const ModelOutputs& b);

/// The same for row `row_a` of one output and row `row_b` of the other.
[[nodiscard]] double relative_difference(const ModelOutputs& a, std::size_t row_a,
                                         const ModelOutputs& b, std::size_t row_b);

}  // namespace relax_spectro::core
