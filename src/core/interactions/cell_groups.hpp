#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "evaluation/boxes.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/masks/axis_size.hpp"
#include "relax_spectro/masks/window_sweep.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// A part of a window that is kept or masked as one.
struct CellGroup {
  std::string name;      ///< of an annotated box; empty in a grid
  TimeFrequencyBox box;  ///< times count from the recording's start
};

/// The groups of a window. Each bin belongs to one.
struct CellGroups {
  std::vector<CellGroup> groups;
  std::vector<std::uint32_t> group_of_bin;  ///< [frequency, time], row-major
};

/// The most groups of a window: one word of core::CellCode over GF(64).
inline constexpr std::size_t kMostGroups = 64;

/// The cells of a grid, by rising frequency and then time. They have hard edges and no shifts.
/// @throws ConfigError  the grid does not fit the window, or has fewer than two cells or more than
///                      kMostGroups.
[[nodiscard]] CellGroups grid_groups(const Size2d& grid, const ModelCard& card,
                                     const Spectrogram& spectrogram, FrameRange window);

/// Annotated boxes, in their order, and the rest of the window as the last group. A bin inside
/// several boxes belongs to the first.
/// @param extent  of the window.
/// @param table   the file that errors name.
/// @throws IoError      as bins_inside.
/// @throws ConfigError  a box has no bin of its own, or there are more than kMostGroups groups.
[[nodiscard]] CellGroups box_groups(std::span<const AnnotatedBox> boxes,
                                    const SpectrogramExtent& extent,
                                    const std::filesystem::path& table);

}  // namespace relax_spectro
