#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "evaluation/flipping.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro::core {

/// The unit of each bin in a window.
struct FlipUnits {
  std::size_t count = 0;
  std::vector<std::uint32_t> unit_of_bin;  ///< row-major
};

[[nodiscard]] FlipUnits units_of(Shape2d bins, FlipUnit unit, Shape2d grid);

/// The mean of values over each unit. NaN is ignored; a unit with only NaN gets NaN.
template <typename T>
[[nodiscard]] std::vector<double> means_over(const FlipUnits& units, const Array2d<T>& values);

/// Units by descending value, NaN last. Ties keep their order.
[[nodiscard]] std::vector<std::uint32_t> descending(std::span<const double> values);

/// A random order of units. Order r depends only on (seed, r).
[[nodiscard]] std::vector<std::uint32_t> shuffled(std::size_t units, std::uint64_t seed,
                                                  std::size_t r);

/// The step, from 1 on, at which each unit is flipped.
[[nodiscard]] std::vector<std::uint32_t> steps_of(std::span<const std::uint32_t> order,
                                                  std::size_t step_size);

}  // namespace relax_spectro::core
