#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// A mask: which cells are kept, and the shift of the grid. A MaskLaw turns these into a weight for
/// each bin, only when needed.
struct Mask {
  std::vector<std::uint8_t> cell_bits;   ///< [rows, columns] of the grid; 1: kept, 0: masked
  std::array<std::uint32_t, 2> shift{};  ///< in bins, along rows (frequency), along columns (time)
};

/// The weight of a bin between the centres of two cells.
enum class CellEdges {
  smooth,  ///< a blend of both: linear interpolation, as in the published packages
  hard,    ///< the weight of the cell that contains it
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] CellEdges parse_cell_edges(std::string_view name);
[[nodiscard]] std::string_view to_string(CellEdges edges);

/// How the cells of a mask file lie over bins, if not as in the published law.
struct CellLayout {
  CellEdges edges = CellEdges::smooth;
  bool even_in_hertz = false;  ///< cells along frequency have equal width in Hertz, not in bands

  friend bool operator==(const CellLayout&, const CellLayout&) = default;
};

/// The masks of a mask file, and their grid.
struct MaskList {
  Shape2d grid;
  std::vector<Mask> masks;
  CellLayout layout = {};
};

/// Reads masks from a `.npz` with two arrays: `cell_bits` (N, rows, columns), 0 or 1, and `shift`
/// (N, 2), bins along rows and columns. Optional are `hard_edges` and `even_in_hertz` (1), 0 or 1,
/// default 0. Other arrays are ignored.
/// @throws IoError  the file is not valid; the message has the array and what was expected.
[[nodiscard]] MaskList read_mask_file(const std::filesystem::path& path);

}  // namespace relax_spectro
