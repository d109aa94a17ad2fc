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

/// A mark on an axis. On a time or frequency axis, `position` counts cells (rows or columns) from
/// the outer edge of the first. So the centre of cell i is at i + 0.5. On a colour bar it is the
/// value.
struct Tick {
  double position = 0.0;
  std::string label;
};

/// The marks of a colour bar. A mark's value is (label) * 10^exponent + offset.
struct ValueTicks {
  std::vector<Tick> ticks;
  int exponent = 0;    ///< 0: none
  std::string offset;  ///< with its sign; empty: none
};

/// @throws ConfigError  the figure has no panel, or a panel's shape does not match its axes. Or
///                      times or frequencies are missing, not finite or not ascending.
void require_drawable(const Figure& figure);

/// The band centres of a panel: its own, or else the figure's.
[[nodiscard]] const std::vector<double>& frequencies_of(const FigurePanel& panel,
                                                        const Figure& figure);

/// The position of a value on an axis with these cell centres, in cells from the outer edge of the
/// first cell. It is between 0 and the number of cells, interpolated between centres.
/// @pre here and below, require_drawable() accepts the centres.
[[nodiscard]] double cell_position(std::span<const double> centres, double value);

/// Whether times up to this one read better in minutes than in seconds.
[[nodiscard]] bool is_on_clock(double last_s);

/// "2:30", or "2:30.5" with digits.
[[nodiscard]] std::string clock_text(double time_s, int digits);

/// Marks in seconds, every 1, 2 or 5 times a power of ten. Or as on a clock, such as "2:30", at
/// round steps.
/// @param most  the number of steps that fit, at least 2.
[[nodiscard]] std::vector<Tick> time_ticks(std::span<const double> centres_s, double most,
                                           bool on_clock = false);

/// Marks at round frequencies ("200", "5k"). They are 1, 2 and 5 times powers of ten if bands widen
/// with frequency. They have even steps if bands do not widen, or if fewer than three marks would
/// be left.
/// @param gap_cells  the smallest distance between marks, in rows.
[[nodiscard]] std::vector<Tick> frequency_ticks(std::span<const double> centres_hz,
                                                double gap_cells);

/// The values at both ends of a colour bar.
struct Scale {
  double low = 0.0;
  double high = 0.0;
  bool is_signed = false;  ///< colours diverge from zero, and `low` is minus `high`

  /// Whether the ends are equal up to rounding.
  [[nodiscard]] bool constant() const;

  /// The position of a value between the ends: 0 to 1, or 0.5 on a constant scale.
  [[nodiscard]] double fraction(double value) const;
};

/// The scale from the smallest to the largest cell, without NaN. Nothing if no cell has a value.
[[nodiscard]] std::optional<Scale> scale_of(const Array2d<double>& cells);

/// The scale that spans two others. A missing one does not count.
[[nodiscard]] std::optional<Scale> spanning(const std::optional<Scale>& a,
                                            const std::optional<Scale>& b);

/// The scale for signed values: as far to both sides of zero as the given one goes to either.
[[nodiscard]] Scale signed_scale(const Scale& scale);

/// Averages blocks of values so that there are at most this many rows and columns. Values that are
/// not finite, or too large to be summed, are ignored. A block without other values is NaN.
[[nodiscard]] Array2d<double> averaged_down(const Array2d<double>& values, std::size_t most_rows,
                                            std::size_t most_columns);

/// Marks for the values of a scale, at 1, 2 or 5 times a power of ten, with enough digits to
/// distinguish them. Very small and very large values share a power of ten. Values that differ only
/// after the fourth digit share an offset. A constant scale has a single mark.
/// @param most  the number of steps that fit, at least 2.
[[nodiscard]] ValueTicks value_ticks(const Scale& scale, double most);

/// How far faded cells go to the neutral colour: not all the way, so that a trace is left.
inline constexpr double kMostFaded = 0.8;

/// Cells and how much each is faded: not (0) to fully (1). Without `faded` none is.
struct Cells {
  const Array2d<double>& values;
  const Array2d<double>* faded = nullptr;
};

/// The cells as `width` by `height` pixels 0x00RRGGBB, starting with the top line. Row 0 is at the
/// bottom, and a cell is a block of whole pixels. NaN is grey, and so are all cells without a
/// scale.
[[nodiscard]] std::vector<std::uint32_t> pixels_of(const Cells& cells,
                                                   const std::optional<Scale>& scale,
                                                   std::size_t width, std::size_t height);

}  // namespace relax_spectro::render
