#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "masks/mask_design.hpp"

namespace relax_spectro {

/// A rectangle of a lattice.
struct CellBox {
  BinRange rows;     ///< along frequency
  BinRange columns;  ///< along time

  [[nodiscard]] std::size_t area() const { return rows.size() * columns.size(); }
};

/// A lattice in so many equal cells along each axis.
/// @pre each side of the lattice is a multiple of the number of cells.
[[nodiscard]] std::vector<CellBox> equal_cells(Shape2d lattice, Shape2d cells);

/// Masks in rounds. The cells of a round are rectangles of a lattice, which it keeps or hides as a
/// whole. Cells of later rounds are parts of those of earlier ones.
///
/// Masks 2i and 2i + 1 are complements; otherwise each cell is kept independently, with one half.
/// Codes would tie cells of one block to each other: harmless for a map, but the errors of effects
/// would seem too small.
class AdaptiveDesign final : public MaskDesign {
 public:
  AdaptiveDesign(Shape2d lattice, std::uint64_t seed) : lattice_(lattice), seed_(seed) {}

  /// Adds masks of these cells, which cover the lattice.
  void add_round(std::vector<CellBox> cells, std::size_t masks);

  [[nodiscard]] Mask mask(std::size_t index) const override;
  [[nodiscard]] std::size_t size() const override { return size_; }

 private:
  struct Round {
    std::size_t begin = 0;  // its first mask
    std::vector<CellBox> cells;
  };

  Shape2d lattice_;
  std::uint64_t seed_;
  std::size_t size_ = 0;
  std::vector<Round> rounds_;
};

}  // namespace relax_spectro
