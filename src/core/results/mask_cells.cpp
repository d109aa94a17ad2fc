#include "results/mask_cells.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>

namespace relax_spectro {
namespace {

/// The lower edge of a bin. @param bin  up to the number of bins, which gives the last upper edge.
double edge_of(std::span<const double> centres, std::size_t bin) {
  if (centres.size() == 1) return centres.front();  // its size is unknown
  if (bin == 0) return std::max(0.0, centres[0] - (centres[1] - centres[0]) / 2.0);
  const double before = centres[bin - 1];
  if (bin < centres.size()) return (before + centres[bin]) / 2.0;
  return before + (before - centres[bin - 2]) / 2.0;
}

/// The coordinate of a position on an axis. @param position  0: lower edge of the first bin; the
/// number of bins: upper edge of the last one.
double place_at(std::span<const double> centres, double position) {
  const auto bin = static_cast<std::size_t>(position);
  if (bin >= centres.size()) return edge_of(centres, centres.size());
  const double part = position - static_cast<double>(bin);
  return (1.0 - part) * edge_of(centres, bin) + part * edge_of(centres, bin + 1);
}

/// The frames of all windows that contain a frame.
FrameRange around(const std::vector<FrameRange>& windows, std::size_t frame, std::size_t frames) {
  std::size_t begin = frame;
  std::size_t end = frame + 1;
  for (const FrameRange& window : windows) {
    if (frame < window.begin || frame >= window.begin + window.count) continue;
    begin = std::min(begin, window.begin);
    end = std::max(end, window.begin + window.count);
  }
  return windows.empty() ? FrameRange{0, frames} : FrameRange{begin, std::min(end, frames) - begin};
}

using Side = std::pair<double, double>;

/// An interval around its middle, moved into limits, and shortened if it is too long.
Side within(double middle, double size, double low, double high) {
  size = std::min(size, high - low);
  const double begin = std::max(low, std::min(middle - size / 2.0, high - size));
  return {begin, begin + size};
}

/// A number of bins around one of them, within limits.
Side bins_around(std::span<const double> centres, std::size_t bin, double size, FrameRange limits) {
  const Side bins =
      within(static_cast<double>(bin) + 0.5, std::max(1.0, size), static_cast<double>(limits.begin),
             static_cast<double>(limits.begin + limits.count));
  return {place_at(centres, bins.first), place_at(centres, bins.second)};
}

/// An interval in Hertz around a band, which includes the whole band.
Side hertz_around(std::span<const double> centres, std::size_t band, double size) {
  const Side hertz =
      within(centres[band], size, edge_of(centres, 0), edge_of(centres, centres.size()));
  return {std::min(hertz.first, edge_of(centres, band)),
          std::max(hertz.second, edge_of(centres, band + 1))};
}

}  // namespace

MaskCells mask_cells(const Result& result) {
  const Explanation& explanation = result.explanation;
  MaskCells cells;
  for (const WindowSummary& window : explanation.windows) {
    cells.windows.push_back(window.frames);
    cells.adaptive.insert(cells.adaptive.end(), window.cells.begin(), window.cells.end());
  }
  if (!explanation.sizes.empty()) {  // for a sweep: the windows of the size that the map belongs to
    const SizeSummary& size = explanation.sizes[explanation.steepest_size];
    cells.bands = static_cast<double>(size.most_bins.rows);
    cells.frames = static_cast<double>(size.most_bins.columns);
    const AxisSize window = size.window.frequency;
    if (window.unit == SizeUnit::hertz) cells.hertz = window.value;
    return cells;
  }
  const Shape2d grid = explanation.method.grid;
  const FrontEndConfig& front_end = result.card.front_end;
  cells.bands = static_cast<double>(front_end.bands) / static_cast<double>(grid.rows);
  cells.frames =
      static_cast<double>(cells.windows.front().count) / static_cast<double>(grid.columns);
  if (explanation.method.layout.even_in_hertz) {
    cells.hertz = (front_end.high_hz - front_end.low_hz) / static_cast<double>(grid.rows);
  }
  return cells;
}

TimeFrequencyBox cell_around(const MaskCells& cells, const Spectrogram& axes, std::size_t band,
                             std::size_t frame) {
  for (const AdaptiveCell& cell : cells.adaptive) {
    const BinRange bands{cell.first_band, cell.first_band + cell.bands};
    const BinRange frames{cell.first_frame, cell.first_frame + cell.frames};
    if (band >= bands.begin && band < bands.end && frame >= frames.begin && frame < frames.end) {
      return box_around(axes, bands, frames);
    }
  }
  const auto& [time_s, frequency_hz] = std::tie(axes.time_s, axes.frequency_hz);
  const Side time =
      bins_around(time_s, frame, cells.frames, around(cells.windows, frame, time_s.size()));
  const Side frequency =
      cells.hertz ? hertz_around(frequency_hz, band, *cells.hertz)
                  : bins_around(frequency_hz, band, cells.bands, {0, frequency_hz.size()});
  return {time.first, time.second, frequency.first, frequency.second};
}

TimeFrequencyBox box_around(const Spectrogram& axes, BinRange bands, BinRange frames) {
  const auto edge = [](const std::vector<double>& centres, std::size_t bin) {
    return place_at(centres, static_cast<double>(bin));
  };
  return {edge(axes.time_s, frames.begin), edge(axes.time_s, frames.end),
          edge(axes.frequency_hz, bands.begin), edge(axes.frequency_hz, bands.end)};
}

TimeFrequencyBox rounded(const TimeFrequencyBox& box) {
  const auto milliseconds = [](double seconds) { return std::round(1000.0 * seconds) / 1000.0; };
  return {milliseconds(box.begin_s), milliseconds(box.end_s), std::round(box.low_hz),
          std::round(box.high_hz)};
}

}  // namespace relax_spectro
