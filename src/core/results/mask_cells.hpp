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

/// How large the cells of a result's masks are, or the windows of its sweep: no map says more
/// exactly where something is.
struct MaskCells {
  double bands = 1.0;               ///< along frequency
  std::optional<double> hertz;      ///< along frequency, where cells are equally wide in Hertz
  double frames = 1.0;              ///< along time
  std::vector<FrameRange> windows;  ///< of the recording: cells do not go beyond them
};

[[nodiscard]] MaskCells mask_cells(const Result& result);

/// What a cell covers whose centre is a bin, or as near to it as the window's ends allow: masks are
/// shifted, so that a cell may lie anywhere. Edges of bins lie halfway between their centres.
/// @param axes  whose centres of frames and bands rise.
[[nodiscard]] TimeFrequencyBox cell_around(const MaskCells& cells, const Spectrogram& axes,
                                           std::size_t band, std::size_t frame);

/// What bins cover, from edge to edge: edges lie halfway between bins, and as far beyond the outer
/// ones, but never below 0.
[[nodiscard]] TimeFrequencyBox box_around(const Spectrogram& axes, BinRange bands, BinRange frames);

/// The same box, in thousandths of a second and whole Hertz: for people and tables.
[[nodiscard]] TimeFrequencyBox rounded(const TimeFrequencyBox& box);

}  // namespace relax_spectro
