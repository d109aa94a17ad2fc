#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// All that there is to a mask: which cells are kept, and where the grid lies. Its weight for each
/// bin follows from these and a MaskLaw, and is worked out only where it is needed.
struct Mask {
  std::vector<std::uint8_t> cell_bits;   ///< [rows, columns] of the grid; 1: kept, 0: masked
  std::array<std::uint32_t, 2> shift{};  ///< in bins, along rows (frequency), along columns (time)
};

/// What a bin between the centres of two cells takes.
enum class CellEdges {
  smooth,  ///< a blend of both: linear interpolation, as the published packages do
  hard,    ///< the weight of the cell that it lies in
};

/// @throws ConfigError  no such name; the message lists those there are.
[[nodiscard]] CellEdges parse_cell_edges(std::string_view name);
[[nodiscard]] std::string_view to_string(CellEdges edges);

/// How the cells of a mask file lie over bins, where that is not the published law.
struct CellLayout {
  CellEdges edges = CellEdges::smooth;
  bool even_in_hertz = false;  ///< cells along frequency are equally wide in Hertz, not in bands

  friend bool operator==(const CellLayout&, const CellLayout&) = default;
};

/// The masks of a mask file, and the grid they are of.
struct MaskList {
  Shape2d grid;
  std::vector<Mask> masks;
  CellLayout layout = {};
};

/// Reads masks from a `.npz`: `cell_bits` (N, rows, columns), 0 or 1, and `shift` (N, 2), bins
/// along rows and along columns; `hard_edges` and `even_in_hertz` (1), 0 or 1, where they are not
/// 0. Other arrays are ignored.
/// @throws IoError  not such a file; the message says which array and what was expected.
[[nodiscard]] MaskList read_mask_file(const std::filesystem::path& path);

}  // namespace relax_spectro
