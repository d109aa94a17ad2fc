#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {

/// A mark on an axis. `position` counts cells (rows or columns) from the outer edge of the first
/// one on a time or frequency axis, so that the centre of cell i lies at i + 0.5; on a colour bar
/// it is the value itself.
struct Tick {
  double position = 0.0;
  std::string label;
};

/// The marks of a colour bar: each stands for (label) * 10^exponent + offset.
struct ValueTicks {
  std::vector<Tick> ticks;
  int exponent = 0;    ///< 0: none
  std::string offset;  ///< with its sign; empty: none
};

/// @throws ConfigError  the figure has no panel; times or frequencies are none, not finite, or do
///                      not rise; or a panel has another shape than they say.
void require_drawable(const Figure& figure);

/// The band centres of a panel: its own, or the figure's.
[[nodiscard]] const std::vector<double>& frequencies_of(const FigurePanel& panel,
                                                        const Figure& figure);

/// Where a value lies between cells with these centres, in cells from the outer edge of the first,
/// from 0 to their number. Between two centres it is interpolated.
/// @pre here and below, the centres are those of a figure that require_drawable() accepts.
[[nodiscard]] double cell_position(std::span<const double> centres, double value);

/// Marks in seconds, every 1, 2 or 5 times a power of ten.
/// @param most  as many steps as fit at most, at least 2.
[[nodiscard]] std::vector<Tick> time_ticks(std::span<const double> centres_s, double most);

/// Marks at round frequencies ("200", "5k"): 1, 2 and 5 times powers of ten where the bands widen
/// with frequency, even steps where they do not or where that would leave fewer than three marks.
/// @param gap_cells  marks are at least so far apart, in rows.
[[nodiscard]] std::vector<Tick> frequency_ticks(std::span<const double> centres_hz,
                                                double gap_cells);

/// The values at both ends of a colour bar.
struct Scale {
  double low = 0.0;
  double high = 0.0;

  /// Whether the ends differ by no more than rounding does.
  [[nodiscard]] bool constant() const;

  /// Where a value lies between the ends: 0 to 1, or 0.5 on a constant scale.
  [[nodiscard]] double fraction(double value) const;
};

/// The scale from the least to the greatest cell, NaN aside. Nothing if no cell has a value.
[[nodiscard]] std::optional<Scale> scale_of(const Array2d<double>& cells);

/// The means of blocks of values, so that there are at most so many rows and columns. Values that
/// are not finite (or too large to be added up) do not count; a block of nothing else is NaN.
[[nodiscard]] Array2d<double> averaged_down(const Array2d<double>& values, std::size_t most_rows,
                                            std::size_t most_columns);

/// Marks for the values of a scale, every 1, 2 or 5 times a power of ten, with the digits that
/// tell them apart. Very small and very large values share a power of ten; values that differ only
/// behind the fourth digit share an offset.
/// @param most  as many steps as fit at most, at least 2.
/// A constant scale has one mark.
[[nodiscard]] ValueTicks value_ticks(const Scale& scale, double most);

/// The picture of cells, `width` by `height` pixels 0x00RRGGBB, the top line first. Row 0 is at the
/// bottom, a cell is a block of whole pixels, and NaN (or all, without a scale) is grey.
[[nodiscard]] std::vector<std::uint32_t> pixels_of(const Array2d<double>& cells,
                                                   const std::optional<Scale>& scale,
                                                   std::size_t width, std::size_t height);

}  // namespace relax_spectro::render
