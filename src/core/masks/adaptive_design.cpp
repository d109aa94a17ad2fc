#include "masks/adaptive_design.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/draw_stream.hpp"

namespace relax_spectro {

std::vector<CellBox> equal_cells(Shape2d lattice, Shape2d cells) {
  const Shape2d side{lattice.rows / cells.rows, lattice.columns / cells.columns};
  std::vector<CellBox> boxes;
  for (std::size_t row = 0; row < lattice.rows; row += side.rows) {
    for (std::size_t column = 0; column < lattice.columns; column += side.columns) {
      boxes.push_back({{row, row + side.rows}, {column, column + side.columns}});
    }
  }
  return boxes;
}

void AdaptiveDesign::add_round(std::vector<CellBox> cells, std::size_t masks) {
  rounds_.push_back({size_, std::move(cells)});
  size_ += masks;
}

Mask AdaptiveDesign::mask(std::size_t index) const {
  const Round& round = *std::prev(std::ranges::upper_bound(rounds_, index, {}, &Round::begin));
  core::DrawStream draws(seed_, index / 2, core::DrawsFor::adaptive_mask);
  Mask mask{std::vector<std::uint8_t>(lattice_.rows * lattice_.columns), {}};
  for (const auto& [rows, columns] : round.cells) {
    constexpr std::uint32_t kHalf = std::uint32_t{1} << 31;
    if ((draws.next() < kHalf) != (index % 2 == 0)) continue;
    for (std::size_t row = rows.begin; row < rows.end; ++row) {
      const auto first = static_cast<std::ptrdiff_t>(row * lattice_.columns + columns.begin);
      std::fill_n(mask.cell_bits.begin() + first, columns.size(), std::uint8_t{1});
    }
  }
  return mask;
}

}  // namespace relax_spectro
