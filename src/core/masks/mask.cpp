#include "masks/mask.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

void require_of_law(const MaskLaw& law, const Mask& mask) {
  const Shape2d grid = law.grid();
  const Shape2d shifts = law.shifts();
  if (mask.cell_bits.size() != grid.rows * grid.columns || mask.shift[0] >= shifts.rows ||
      mask.shift[1] >= shifts.columns) {
    throw ConfigError(fmt::format(
        "a mask of {} cells at shift ({}, {}): expected {}x{} cells and shifts below ({}, {})",
        mask.cell_bits.size(), mask.shift[0], mask.shift[1], grid.rows, grid.columns, shifts.rows,
        shifts.columns));
  }
}

template <typename T>
T blend(const AxisTap& tap, std::span<const T> cells) {
  const auto weight = static_cast<T>(tap.next_weight);
  return (T{1} - weight) * cells[tap.cell] + weight * cells[tap.next_cell];
}

}  // namespace

void expand_mask(const MaskLaw& law, const Mask& mask, std::span<float> weights) {
  require_of_law(law, mask);
  const Shape2d grid = law.grid();
  const Shape2d bins = law.bins();
  if (weights.size() != bins.rows * bins.columns) {
    throw ConfigError(fmt::format("room for {} weights of a mask; expected {}x{}", weights.size(),
                                  bins.rows, bins.columns));
  }
  // Expands along time first, each grid row to a row of bins, then blends two such rows for each
  // band.
  Array2d<float> grid_rows(grid.rows, bins.columns);
  const std::vector<float> cells(mask.cell_bits.begin(), mask.cell_bits.end());
  const auto time_taps = law.time.taps_at(mask.shift[1]);
  for (std::size_t row = 0; row < grid.rows; ++row) {
    const auto row_cells = std::span<const float>(cells).subspan(row * grid.columns, grid.columns);
    for (std::size_t t = 0; t < bins.columns; ++t) {
      grid_rows(row, t) = blend(time_taps[t], row_cells);
    }
  }
  const auto frequency_taps = law.frequency.taps_at(mask.shift[0]);
  for (std::size_t band = 0; band < bins.rows; ++band) {
    const AxisTap& tap = frequency_taps[band];
    const std::span<const float> low = std::as_const(grid_rows).row(tap.cell);
    const std::span<const float> high = std::as_const(grid_rows).row(tap.next_cell);
    const auto high_weight = static_cast<float>(tap.next_weight);
    const std::span<float> out = weights.subspan(band * bins.columns, bins.columns);
    for (std::size_t t = 0; t < bins.columns; ++t) {
      out[t] = (1.0F - high_weight) * low[t] + high_weight * high[t];
    }
  }
}

MaskSums::MaskSums(const MaskLaw& law) : law_(&law) {
  const std::size_t bins = law.bins().rows * law.bins().columns;
  const std::size_t per_cell = law.shifts().rows * law.shifts().columns * cell_count();
  kept_per_cell_ = per_cell <= bins;
  sums_.resize(std::min(per_cell, bins));
}

std::size_t MaskSums::cell_count() const { return law_->grid().rows * law_->grid().columns; }

void MaskSums::add(const Mask& mask, double weight) {
  require_of_law(*law_, mask);
  if (!kept_per_cell_) {
    std::vector<float> weights(sums_.size());
    expand_mask(*law_, mask, weights);
    for (std::size_t bin = 0; bin < sums_.size(); ++bin) {
      sums_[bin] += weight * static_cast<double>(weights[bin]);
    }
    return;
  }
  const std::size_t shift = mask.shift[0] * law_->shifts().columns + mask.shift[1];
  const std::span<double> sums = std::span(sums_).subspan(shift * cell_count(), cell_count());
  for (std::size_t cell = 0; cell < sums.size(); ++cell) {
    sums[cell] += weight * mask.cell_bits[cell];  // faster than a branch that depends on chance
  }
}

Array2d<double> MaskSums::expand_along_time(std::size_t row_shift) const {
  const Shape2d grid = law_->grid();
  const std::size_t shifts = law_->shifts().columns;
  Array2d<double> grid_rows(grid.rows, law_->bins().columns);
  for (std::size_t column_shift = 0; column_shift < shifts; ++column_shift) {
    const std::size_t first_cell = (row_shift * shifts + column_shift) * cell_count();
    const auto taps = law_->time.taps_at(column_shift);
    for (std::size_t row = 0; row < grid.rows; ++row) {
      const auto cells =
          std::span<const double>(sums_).subspan(first_cell + row * grid.columns, grid.columns);
      for (std::size_t t = 0; t < taps.size(); ++t) grid_rows(row, t) += blend(taps[t], cells);
    }
  }
  return grid_rows;
}

Array2d<double> MaskSums::expand() const {
  const Shape2d bins = law_->bins();
  Array2d<double> expanded(bins.rows, bins.columns);
  if (!kept_per_cell_) {
    expanded.values = sums_;
    return expanded;
  }
  std::vector<Array2d<double>> grid_rows;  // by shift along frequency
  for (std::size_t row_shift = 0; row_shift < law_->shifts().rows; ++row_shift) {
    grid_rows.push_back(expand_along_time(row_shift));
  }
  for (std::size_t band = 0; band < bins.rows; ++band) {
    const std::span<double> out = expanded.row(band);
    for (std::size_t row_shift = 0; row_shift < grid_rows.size(); ++row_shift) {
      const AxisTap& tap = law_->frequency.taps_at(row_shift)[band];
      const std::span<const double> low = std::as_const(grid_rows[row_shift]).row(tap.cell);
      const std::span<const double> high = std::as_const(grid_rows[row_shift]).row(tap.next_cell);
      const double high_weight = tap.next_weight;
      for (std::size_t t = 0; t < out.size(); ++t) {
        out[t] += (1.0 - high_weight) * low[t] + high_weight * high[t];
      }
    }
  }
  return expanded;
}

}  // namespace relax_spectro
