#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

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

/// The median; of an even number of values, the lower of the two in the middle. Nothing without
/// values.
[[nodiscard]] inline std::optional<double> lower_median(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace relax_spectro::core
