#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "masks/mask_law.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The size of the cells of a result's masks, or of the windows of its sweep. No map localises more
/// precisely than that.
struct MaskCells {
  double bands = 1.0;                  ///< along frequency
  std::optional<double> hertz;         ///< along frequency, if cells have equal width in Hertz
  double frames = 1.0;                 ///< along time
  std::vector<FrameRange> windows;     ///< of the recording: cells do not extend beyond them
  std::vector<AdaptiveCell> adaptive;  ///< all cells, if they are adaptive
};

[[nodiscard]] MaskCells mask_cells(const Result& result);

/// The area of a cell whose centre is a bin, or as near to it as the window's ends allow. Masks are
/// shifted, so a cell may be anywhere. Adaptive cells are not: the area is that of
/// the first that holds the bin. Edges are halfway between the centres of bins.
/// @param axes  with ascending centres of frames and bands.
[[nodiscard]] TimeFrequencyBox cell_around(const MaskCells& cells, const Spectrogram& axes,
                                           std::size_t band, std::size_t frame);

/// The area of a range of bins, from edge to edge. Edges are halfway between bins, and equally far
/// beyond the outer ones, but never below 0.
[[nodiscard]] TimeFrequencyBox box_around(const Spectrogram& axes, BinRange bands, BinRange frames);

/// The same box, in milliseconds and whole Hertz, for people and tables.
[[nodiscard]] TimeFrequencyBox rounded(const TimeFrequencyBox& box);

}  // namespace relax_spectro
