#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "masks/mask_family.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// A mask of a contact sheet.
struct SheetMask {
  std::size_t number = 0;   ///< of the design
  Array2d<double> weights;  ///< [frequency, time], in [0, 1]
};

/// Some masks of a design side by side, and how much of each bin all of them keep.
struct ContactSheet {
  std::string title;
  std::string subtitle;
  std::string masks_title;
  std::vector<SheetMask> masks;  ///< one or more, all of the same bins
  std::string mean_title;
  Array2d<double> mean_weights;  ///< of the same bins
};

/// The contact sheet of a set: its first 24 masks; of a sweep of windows, 24 from the first to the
/// last position.
/// @param options       that the set was made of.
/// @param mean_weights  of the set.
[[nodiscard]] ContactSheet contact_sheet(const MaskSet& set, const MaskOptions& options,
                                         const Array2d<double>& mean_weights);

/// Draws a contact sheet, as draw_figure draws a figure. The colours of masks go from 0 (masked) to
/// 1 (kept), those of the mean weights from the least to the greatest.
/// @throws ConfigError  another ending than `.png`, `.svg` or `.pdf`; no mask, no bin, or masks and
///                      mean weights of different bins.
/// @throws IoError      the file cannot be written.
void draw_contact_sheet(const std::filesystem::path& path, const ContactSheet& sheet);

}  // namespace relax_spectro
