#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "axis.hpp"

namespace relax_spectro::render {
namespace {

struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The part of `count` values that belongs to block `index` of `blocks`.
Block block_of(std::size_t index, std::size_t count, std::size_t blocks) {
  return {index * count / blocks, (index + 1) * count / blocks};
}

double mean_of_block(const Array2d<double>& values, Block rows, Block columns) {
  constexpr double kLargest = 1e300;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    for (std::size_t column = columns.begin; column < columns.end; ++column) {
      const double value = values(row, column);
      if (!(std::abs(value) <= kLargest)) continue;  // also skips NaN
      sum += value;
      ++count;
    }
  }
  if (count == 0) return std::numeric_limits<double>::quiet_NaN();
  return sum / static_cast<double>(count);
}

}  // namespace

bool Scale::constant() const {
  return high - low <= 1e-12 * std::max(std::abs(low), std::abs(high));
}

double Scale::fraction(double value) const {
  return constant() ? 0.5 : (value - low) / (high - low);
}

std::optional<Scale> spanning(const std::optional<Scale>& a, const std::optional<Scale>& b) {
  if (!a || !b) return a ? a : b;
  return Scale{std::min(a->low, b->low), std::max(a->high, b->high), a->is_signed};
}

Scale signed_scale(const Scale& scale) {
  const double most = std::max(std::abs(scale.low), std::abs(scale.high));
  return {-most, most, true};
}

std::optional<Scale> scale_of(const Array2d<double>& cells) {
  std::optional<Scale> scale;
  for (const double value : cells.values) {
    if (std::isnan(value)) continue;
    if (!scale) scale = Scale{value, value};
    scale = Scale{std::min(scale->low, value), std::max(scale->high, value)};
  }
  return scale;
}

Array2d<double> averaged_down(const Array2d<double>& values, std::size_t most_rows,
                              std::size_t most_columns) {
  Array2d<double> cells(std::min(values.rows, most_rows), std::min(values.columns, most_columns));
  for (std::size_t row = 0; row < cells.rows; ++row) {
    for (std::size_t column = 0; column < cells.columns; ++column) {
      cells(row, column) = mean_of_block(values, block_of(row, values.rows, cells.rows),
                                         block_of(column, values.columns, cells.columns));
    }
  }
  return cells;
}

}  // namespace relax_spectro::render
