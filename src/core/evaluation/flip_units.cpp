#include "evaluation/flip_units.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/draw_stream.hpp"

namespace relax_spectro::core {
namespace {

/// The shape of the grid of units.
Shape2d grid_of(Shape2d bins, FlipUnit unit, Shape2d cells) {
  switch (unit) {
    case FlipUnit::cells:
      return {std::min(cells.rows, bins.rows), std::min(cells.columns, bins.columns)};
    case FlipUnit::bands:
      return {bins.rows, 1};
    case FlipUnit::frames:
      return {1, bins.columns};
    case FlipUnit::bins:
      break;
  }
  return bins;
}

}  // namespace

FlipUnits units_of(Shape2d bins, FlipUnit unit, Shape2d cells) {
  const Shape2d grid = grid_of(bins, unit, cells);
  FlipUnits units{grid.rows * grid.columns, {}};
  units.unit_of_bin.reserve(bins.rows * bins.columns);
  for (std::size_t row = 0; row < bins.rows; ++row) {
    const std::size_t grid_row = row * grid.rows / bins.rows;
    for (std::size_t column = 0; column < bins.columns; ++column) {
      const std::size_t grid_column = column * grid.columns / bins.columns;
      units.unit_of_bin.push_back(
          static_cast<std::uint32_t>(grid_row * grid.columns + grid_column));
    }
  }
  return units;
}

template <typename T>
std::vector<double> means_over(const FlipUnits& units, const Array2d<T>& values) {
  std::vector<double> sums(units.count);
  std::vector<std::size_t> counts(units.count);
  for (std::size_t bin = 0; bin < values.values.size(); ++bin) {
    const auto value = static_cast<double>(values.values[bin]);
    if (std::isnan(value)) continue;
    sums[units.unit_of_bin[bin]] += value;
    ++counts[units.unit_of_bin[bin]];
  }
  for (std::size_t unit = 0; unit < units.count; ++unit) {
    sums[unit] = counts[unit] > 0 ? sums[unit] / static_cast<double>(counts[unit])
                                  : std::numeric_limits<double>::quiet_NaN();
  }
  return sums;
}

template std::vector<double> means_over(const FlipUnits&, const Array2d<float>&);
template std::vector<double> means_over(const FlipUnits&, const Array2d<double>&);

std::vector<std::uint32_t> descending(std::span<const double> values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [values](std::uint32_t a, std::uint32_t b) {
    if (std::isnan(values[b])) return !std::isnan(values[a]);
    return values[a] > values[b];
  });
  return order;
}

std::vector<std::uint32_t> shuffled(std::size_t units, std::uint64_t seed, std::size_t r) {
  return shuffled_order(units, {seed, r, DrawsFor::flip_order});
}

std::vector<std::uint32_t> steps_of(std::span<const std::uint32_t> order, std::size_t step_size) {
  std::vector<std::uint32_t> steps(order.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    steps[order[rank]] = static_cast<std::uint32_t>(rank / step_size + 1);
  }
  return steps;
}

}  // namespace relax_spectro::core
