#include "relax_spectro/results/mask_cells.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "relax_spectro/masks/axis_size.hpp"
#include "results/bin_edges.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro {
namespace {

/// Where a bin begins. @param bin  up to their number: where the last one ends.
double edge_of(std::span<const double> centres, std::size_t bin) {
  if (centres.size() == 1) return centres.front();  // of no size that is known
  if (bin == 0) return std::max(0.0, centres[0] - (centres[1] - centres[0]) / 2.0);
  const double before = centres[bin - 1];
  if (bin < centres.size()) return (before + centres[bin]) / 2.0;
  return before + (before - centres[bin - 2]) / 2.0;
}

/// The frames of all windows that hold a frame.
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

/// A stretch of an axis about its middle, moved to lie within limits, and shortened to them.
Side within(double middle, double size, double low, double high) {
  size = std::min(size, high - low);
  const double begin = std::max(low, std::min(middle - size / 2.0, high - size));
  return {begin, begin + size};
}

/// So many bins about one of them, within limits.
Side bins_around(std::span<const double> centres, std::size_t bin, double size, FrameRange limits) {
  const Side bins =
      within(static_cast<double>(bin) + 0.5, std::max(1.0, size), static_cast<double>(limits.begin),
             static_cast<double>(limits.begin + limits.count));
  return {core::place_at(centres, bins.first), core::place_at(centres, bins.second)};
}

/// So many Hertz about a band, and the whole band.
Side hertz_around(std::span<const double> centres, std::size_t band, double size) {
  const Side hertz =
      within(centres[band], size, edge_of(centres, 0), edge_of(centres, centres.size()));
  return {std::min(hertz.first, edge_of(centres, band)),
          std::max(hertz.second, edge_of(centres, band + 1))};
}

}  // namespace

double core::place_at(std::span<const double> centres, double position) {
  const auto bin = static_cast<std::size_t>(position);
  if (bin >= centres.size()) return edge_of(centres, centres.size());
  const double part = position - static_cast<double>(bin);
  return (1.0 - part) * edge_of(centres, bin) + part * edge_of(centres, bin + 1);
}

TimeFrequencyBox cell_around(const MaskCells& cells, std::span<const double> time_s,
                             std::span<const double> frequency_hz, std::size_t band,
                             std::size_t frame) {
  const Side time =
      bins_around(time_s, frame, cells.frames, around(cells.windows, frame, time_s.size()));
  const Side frequency =
      cells.hertz ? hertz_around(frequency_hz, band, *cells.hertz)
                  : bins_around(frequency_hz, band, cells.bands, {0, frequency_hz.size()});
  return {time.first, time.second, frequency.first, frequency.second};
}

TimeFrequencyBox rounded(const TimeFrequencyBox& box) {
  const auto milliseconds = [](double seconds) { return std::round(1000.0 * seconds) / 1000.0; };
  return {milliseconds(box.begin_s), milliseconds(box.end_s), std::round(box.low_hz),
          std::round(box.high_hz)};
}

namespace core {
namespace {

/// Of a sweep, the windows of the size that its map is of.
void read_swept_window(JsonFields& result, MaskCells& cells) {
  if (!result.has("sizes")) return;
  std::vector<JsonFields> sizes = result.objects("sizes");
  const auto steepest = result.get<std::size_t>("steepest_size");
  if (steepest >= sizes.size()) result.fail("steepest_size", "is not one of the sizes");
  JsonFields& size = sizes[steepest];
  JsonFields bins = size.object("most_bins");
  cells.bands = bins.get<double>("frequency");
  cells.frames = bins.get<double>("time");
  const AxisSize window = parse_size(size.get<std::string>("window"), "window").frequency;
  if (window.unit == SizeUnit::hertz) cells.hertz = window.value;
}

/// The cells of a grid, counted in the bins of the model's windows.
void read_grid(JsonFields& result, JsonFields& masks, MaskCells& cells) {
  JsonFields grid = masks.object("grid");
  const auto side = [&grid](const std::string& axis) {
    const auto count = grid.get<std::size_t>(axis);
    if (count == 0) grid.fail(axis, "is 0, expected 1 or more");
    return static_cast<double>(count);
  };
  JsonFields front_end = result.object("model").object("card").object("front_end");
  cells.bands = front_end.get<double>("bands") / side("frequency");
  cells.frames = static_cast<double>(cells.windows.front().count) / side("time");
  const bool in_hertz =
      masks.has("grid_asked")
          ? parse_size(masks.get<std::string>("grid_asked"), "grid_asked").frequency.unit ==
                SizeUnit::hertz
          : masks.get_or("even_in_hertz", false);
  if (!in_hertz) return;
  cells.hertz =
      (front_end.get<double>("high_hz") - front_end.get<double>("low_hz")) / side("frequency");
}

}  // namespace

FrameRange read_frames(JsonFields& window) {
  const FrameRange frames{window.get<std::size_t>("begin_frame"),
                          window.get<std::size_t>("frames")};
  if (frames.count == 0) window.fail("frames", "is 0, expected 1 or more");
  return frames;
}

MaskCells read_mask_cells(JsonFields& result) {
  MaskCells cells;
  for (JsonFields& window : result.objects("windows")) {
    cells.windows.push_back(read_frames(window));
  }
  if (cells.windows.empty()) result.fail("windows", "is empty, expected one or more");
  JsonFields masks = result.object("options").object("masks");
  if (masks.has("grid")) {
    read_grid(result, masks, cells);
  } else {
    read_swept_window(result, cells);
  }
  return cells;
}

}  // namespace core
}  // namespace relax_spectro
