#include "masks/axis_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "base/require.hpp"

namespace relax_spectro::core {
namespace {

/// One side of a requested size, and its name in errors.
struct Asked {
  std::string_view option;  ///< "--window"
  AxisSize size;
  std::string_view axis;     ///< "frequency" or "time"
  std::string_view counted;  ///< the unit of a count: "cells" or "bins"

  /// "--window is 16 bins along time"
  [[nodiscard]] std::string text() const {
    if (size.unit != SizeUnit::count) {
      return fmt::format("{} is {} along {}", option, to_string(size), axis);
    }
    return fmt::format("{} is {} {} along {}", option, to_string(size), counted, axis);
  }

  void require_hertz(const MaskAxes& axes) const {
    require(!axes.frequency_hz.empty(),
            text() + "; the frequencies of bands depend on the model: name it with --model");
  }

  void require_seconds(const MaskAxes& axes) const {
    require(axes.frame_s > 0.0,
            text() + "; the duration of a frame depends on the model: name it with --model");
  }

  void require_count_within(std::size_t bins) const {
    require(size.value <= static_cast<double>(bins),
            fmt::format("{}; expected 1 to {}, the number of bins", text(), bins));
  }
};

/// Both sides of a size.
struct AskedSides {
  Asked frequency;
  Asked time;

  AskedSides(std::string_view option, const Size2d& size, std::string_view counted)
      : frequency{option, size.frequency, "frequency", counted},
        time{option, size.time, "time", counted} {}
};

double range_hz(const MaskAxes& axes) { return axes.high_hz - axes.low_hz; }

double duration_s(const MaskAxes& axes) {
  return axes.frame_s * static_cast<double>(axes.bins.columns);
}

/// A tolerance for comparing frequencies in spite of rounding.
double slack_hz(const MaskAxes& axes) { return 1e-9 * range_hz(axes); }

void require_within_range(const Asked& asked, const MaskAxes& axes) {
  asked.require_hertz(axes);
  require(asked.size.value <= range_hz(axes) + slack_hz(axes),
          fmt::format("{}; expected at most {:.6g} Hz: "
                      "the model's bands lie between {:.6g} Hz and {:.6g} Hz",
                      asked.text(), range_hz(axes), axes.low_hz, axes.high_hz));
}

/// The next larger number with three digits.
double rounded_up(double size) {
  const double unit = std::pow(10.0, std::floor(std::log10(size)) - 2.0);
  return (std::floor(size / unit) + 1.0) * unit;
}

/// The widest gap between band centres. Any wider range contains a centre.
double widest_gap_hz(const MaskAxes& axes) {
  const std::vector<double>& centres = axes.frequency_hz;
  double widest = std::max(centres.front() - axes.low_hz, axes.high_hz - centres.back());
  for (std::size_t band = 1; band < centres.size(); ++band) {
    widest = std::max(widest, centres[band] - centres[band - 1]);
  }
  return widest;
}

/// The distance between the centres of neighbouring bands at a frequency.
double spacing_hz(const MaskAxes& axes, double frequency_hz) {
  const std::vector<double>& centres = axes.frequency_hz;
  const auto above = std::ranges::upper_bound(centres, frequency_hz);
  const double high = above == centres.end() ? axes.high_hz : *above;
  const double low = above == centres.begin() ? axes.low_hz : *std::prev(above);
  return high - low;
}

/// The first band whose centre is not below a frequency.
std::size_t band_from(const MaskAxes& axes, double frequency_hz) {
  const auto found = std::ranges::lower_bound(axes.frequency_hz, frequency_hz - slack_hz(axes));
  return static_cast<std::size_t>(found - axes.frequency_hz.begin());
}

/// Reports a frequency range without a band, and a size that would work.
[[noreturn]] void refuse_empty(const Asked& asked, const MaskAxes& axes, double begin_hz,
                               double end_hz, double enough_hz) {
  throw ConfigError(fmt::format(
      "{}; expected {:.6g} Hz or more: between {:.6g} Hz and {:.6g} Hz there is no band, "
      "because bands are {:.3g} Hz apart there",
      asked.text(), rounded_up(enough_hz), begin_hz, end_hz,
      spacing_hz(axes, (begin_hz + end_hz) / 2.0)));
}

/// The first cell without a band; nothing if every cell has one.
std::optional<std::size_t> empty_cell(const AxisGrid& grid) {
  std::vector<bool> holds_band(grid.cells);
  for (const double place : grid.places) holds_band[cell_at(grid, place)] = true;
  const auto empty = std::ranges::find(holds_band, false);
  if (empty == holds_band.end()) return std::nullopt;
  return static_cast<std::size_t>(empty - holds_band.begin());
}

/// The most cells of equal width in Hertz for which every cell contains a band.
std::size_t most_cells(const MaskAxes& axes) {
  auto cells = static_cast<std::size_t>(range_hz(axes) / widest_gap_hz(axes));
  while (cells > 1 && empty_cell(grid_even_in_hertz(cells, axes))) --cells;
  return cells;
}

AxisGrid frequency_grid(const Asked& asked, const MaskAxes& axes) {
  if (asked.size.unit != SizeUnit::hertz) {
    asked.require_count_within(axes.bins.rows);
    return even_axis_grid(asked.size.count(), axes.bins.rows);
  }
  require_within_range(asked, axes);
  constexpr double kMostCells = 1e6;  // far more than there are bands: refused below
  const double cells = std::round(range_hz(axes) / asked.size.value);
  AxisGrid grid =
      grid_even_in_hertz(static_cast<std::size_t>(std::clamp(cells, 1.0, kMostCells)), axes);
  if (const auto empty = empty_cell(grid)) {
    const double cell_hz = range_hz(axes) / static_cast<double>(grid.cells);
    const double begin_hz = axes.low_hz + cell_hz * static_cast<double>(*empty);
    refuse_empty(asked, axes, begin_hz, begin_hz + cell_hz,
                 range_hz(axes) / static_cast<double>(most_cells(axes)));
  }
  return grid;
}

AxisGrid time_grid(const Asked& asked, const MaskAxes& axes) {
  const std::size_t bins = axes.bins.columns;
  if (asked.size.unit != SizeUnit::seconds) {
    asked.require_count_within(bins);
    return even_axis_grid(asked.size.count(), bins);
  }
  asked.require_seconds(axes);
  const double cells = std::max(1.0, std::round(duration_s(axes) / asked.size.value));
  require(cells <= static_cast<double>(bins),
          fmt::format("{}, which gives {:.0f} cells for {} frames; "
                      "expected {:.6g} s (one frame) or more",
                      asked.text(), cells, bins, axes.frame_s));
  return even_axis_grid(static_cast<std::size_t>(cells), bins);
}

/// A side along time in frames, with seconds rounded.
std::size_t frames_of(const Asked& asked, const MaskAxes& axes) {
  if (asked.size.unit == SizeUnit::all) return axes.bins.columns;
  if (asked.size.unit == SizeUnit::count) return asked.size.count();
  asked.require_seconds(axes);
  constexpr double kMostFrames = 1e9;
  const double frames = std::round(asked.size.value / axes.frame_s);
  require(frames >= 1.0, fmt::format("{}, less than a frame; expected {:.6g} s or more",
                                     asked.text(), axes.frame_s));
  return static_cast<std::size_t>(std::min(frames, kMostFrames));
}

void require_window_within(const AskedSides& window, const MaskAxes& axes) {
  if (window.frequency.size.unit == SizeUnit::hertz) require_within_range(window.frequency, axes);
  if (window.frequency.size.unit == SizeUnit::count) {
    window.frequency.require_count_within(axes.bins.rows);
  }
  if (window.time.size.unit == SizeUnit::count) {
    window.time.require_count_within(axes.bins.columns);
  }
  require(frames_of(window.time, axes) <= axes.bins.columns,
          fmt::format("{}; expected at most {:.6g} s, the input's length", window.time.text(),
                      duration_s(axes)));
}

std::vector<BinRange> time_positions(const Asked& window, const Asked& stride,
                                     const MaskAxes& axes) {
  const std::size_t bins = axes.bins.columns;
  const std::size_t side = frames_of(window, axes);
  const std::size_t step = frames_of(stride, axes);
  std::vector<BinRange> positions;
  for (std::size_t begin = 0; begin < bins; begin += step) {
    positions.push_back({begin, std::min(begin + side, bins)});
    if (positions.back().end == bins) break;
  }
  return positions;
}

/// The start of a window: its first band, and the frequency from which its Hertz count.
struct FrequencyStart {
  std::size_t band = 0;
  double hz = 0.0;
};

/// The start of window number n. If there is none, its band is beyond the last one.
FrequencyStart frequency_start(std::size_t n, const AxisSize& stride, const MaskAxes& axes) {
  if (stride.unit == SizeUnit::hertz) {
    const double hz = axes.low_hz + static_cast<double>(n) * stride.value;
    return {band_from(axes, hz), hz};
  }
  const bool is_all = stride.unit == SizeUnit::all;
  const std::size_t band = n * (is_all ? axes.bins.rows : std::min(stride.count(), axes.bins.rows));
  return {band, band < axes.frequency_hz.size() ? axes.frequency_hz[band] : axes.high_hz};
}

BinRange frequency_window(const Asked& window, const FrequencyStart& start, const MaskAxes& axes) {
  if (window.size.unit != SizeUnit::hertz) {
    return {start.band, std::min(start.band + window.size.count(), axes.bins.rows)};
  }
  const double end_hz = start.hz + window.size.value;
  const BinRange bands{start.band, band_from(axes, end_hz)};
  if (bands.size() == 0) refuse_empty(window, axes, start.hz, end_hz, widest_gap_hz(axes));
  return bands;
}

std::vector<BinRange> frequency_positions(const Asked& window, const Asked& stride,
                                          const MaskAxes& axes) {
  if (window.size.unit == SizeUnit::all) return {{0, axes.bins.rows}};
  if (stride.size.unit == SizeUnit::hertz) {
    constexpr double kMostPositions = 100'000.0;
    stride.require_hertz(axes);
    const double least_hz = range_hz(axes) / kMostPositions;
    require(stride.size.value >= least_hz,
            fmt::format("{}; expected {:.6g} Hz or more", stride.text(), least_hz));
  }
  std::vector<BinRange> positions;
  for (std::size_t n = 0;; ++n) {
    const FrequencyStart start = frequency_start(n, stride.size, axes);
    if (start.band >= axes.bins.rows) break;
    positions.push_back(frequency_window(window, start, axes));
    if (positions.back().end == axes.bins.rows) break;
  }
  return positions;
}

AskedSides asked_window(const Size2d& window) { return {"--window", window, "bins"}; }

}  // namespace

AxisGrid grid_even_in_hertz(std::size_t cells, const MaskAxes& axes) {
  require(!axes.frequency_hz.empty(),
          "cells of equal width in Hertz depend on the model's bands: name the model with --model");
  AxisGrid grid{cells, {}};
  const auto bins = static_cast<double>(axes.bins.rows);
  for (const double centre_hz : axes.frequency_hz) {
    grid.places.push_back((centre_hz - axes.low_hz) / range_hz(axes) * bins - 0.5);
  }
  return grid;
}

GridLayout lay_grid(const Size2d& grid, const MaskAxes& axes) {
  const AskedSides asked("--grid", grid, "cells");
  return {frequency_grid(asked.frequency, axes), time_grid(asked.time, axes)};
}

WindowLayout lay_windows(const Size2d& window, const Size2d& stride, const MaskAxes& axes) {
  const AskedSides size = asked_window(window);
  const AskedSides step("--stride", stride, "bins");
  require_window_within(size, axes);
  return {frequency_positions(size.frequency, step.frequency, axes),
          time_positions(size.time, step.time, axes)};
}

Size2d half_of(const Size2d& window, const MaskAxes& axes) {
  const AskedSides asked = asked_window(window);
  require_window_within(asked, axes);
  const auto half = [](const Asked& side, std::size_t bins) {
    return side.size.unit == SizeUnit::all ? side.size
                                           : AxisSize(std::max<std::size_t>(1, bins / 2));
  };
  Size2d stride = window;
  stride.time = half(asked.time, frames_of(asked.time, axes));
  if (window.frequency.unit == SizeUnit::hertz) {
    stride.frequency.value /= 2.0;
  } else {
    stride.frequency = half(asked.frequency, window.frequency.count());
  }
  return stride;
}

}  // namespace relax_spectro::core
