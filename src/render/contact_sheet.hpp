#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "masks/mask_family.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// A mask on a contact sheet.
struct SheetMask {
  std::size_t number = 0;   ///< in the design
  Array2d<double> weights;  ///< [frequency, time], in [0, 1]
};

/// Some masks of a design side by side, and the mean weight of each bin over all masks.
struct ContactSheet {
  std::string title;
  std::string subtitle;
  std::string masks_title;
  std::vector<SheetMask> masks;  ///< one or more, with the same bins
  std::string mean_title;
  Array2d<double> mean_weights;  ///< of the same bins
};

/// The contact sheet of a set: its first 24 masks, or 24 positions spread over a whole window
/// sweep.
/// @param options       with which the set was made.
/// @param mean_weights  of the set.
[[nodiscard]] ContactSheet contact_sheet(const MaskSet& set, const MaskOptions& options,
                                         const Array2d<double>& mean_weights);

/// Draws a contact sheet, like draw_figure. Colours of masks go from 0 (masked) to 1 (kept),
/// colours of mean weights from the smallest to the largest.
/// @throws ConfigError  the ending is not `.png`, `.svg` or `.pdf`, there is no mask or bin, or
///                      masks and mean weights have different bins.
/// @throws IoError      the file cannot be written.
void draw_contact_sheet(const std::filesystem::path& path, const ContactSheet& sheet);

}  // namespace relax_spectro
