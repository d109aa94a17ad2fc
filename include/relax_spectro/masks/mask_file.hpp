#pragma once

#include <filesystem>
#include <vector>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/masks/mask.hpp"
#include "relax_spectro/masks/mask_design.hpp"
#include "relax_spectro/masks/mask_law.hpp"

namespace relax_spectro {

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

/// Writes masks [range.begin, range.end) of a design as read_mask_file reads them.
/// @param expanded  also writes `masks` (N, frequency, time), float32: the weight for each bin.
/// @throws IoError
void write_mask_file(const std::filesystem::path& path, const MaskLaw& law,
                     const MaskDesign& design, MaskRange range, bool expanded, Overwrite overwrite,
                     const CellLayout& layout = {});

}  // namespace relax_spectro
