#pragma once

#include <cmath>
#include <cstddef>
#include <functional>
#include <span>

namespace relax_spectro::core {

/// The mean of `of(value)` over the finite values; 0 if there are none.
template <typename Of = std::identity>
[[nodiscard]] double finite_mean(std::span<const double> values, const Of& of = {}) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += of(value);
    ++count;
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

}  // namespace relax_spectro::core
