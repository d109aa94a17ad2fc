#pragma once

#include <filesystem>
#include <vector>

#include "masks/mask.hpp"
#include "masks/mask_design.hpp"
#include "masks/mask_law.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// Writes masks [range.begin, range.end) of a design for read_mask_file.
/// @param expanded  also write `masks` (N, frequency, time), float32: the weight of each bin.
/// @throws IoError
void write_mask_file(const std::filesystem::path& path, const MaskLaw& law,
                     const MaskDesign& design, MaskRange range, bool expanded, Overwrite overwrite,
                     const CellLayout& layout = {});

}  // namespace relax_spectro
