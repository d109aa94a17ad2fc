#include "interactions/cell_groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.hpp"
#include "masks/axis_layout.hpp"
#include "masks/mask_axes.hpp"
#include "relax_spectro/base/error.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

void require_count(std::size_t groups, const std::string& what) {
  core::require(groups >= 2 && groups <= kMostGroups,
                fmt::format("{}: parts to mask: {}; expected 2 to {}", what, groups, kMostGroups));
}

/// The cell of each bin along an axis.
std::vector<std::size_t> cells_of_bins(const AxisGrid& grid) {
  std::vector<std::size_t> cells;
  for (const double place : grid.places) cells.push_back(cell_at(grid, place));
  return cells;
}

/// The bins of a cell. Cells of an axis are ranges, in order.
BinRange bins_of(const std::vector<std::size_t>& cells, std::size_t cell) {
  const auto [first, last] = std::equal_range(cells.begin(), cells.end(), cell);
  return {static_cast<std::size_t>(first - cells.begin()),
          static_cast<std::size_t>(last - cells.begin())};
}

}  // namespace

CellGroups grid_groups(const Size2d& grid, const ModelCard& card, const Spectrogram& spectrogram,
                       FrameRange window) {
  const core::GridLayout layout = core::lay_grid(grid, mask_axes(card.front_end, window.count));
  const std::size_t columns = layout.time.cells;
  require_count(layout.frequency.cells * columns, "--grid " + to_string(grid));
  const std::vector<std::size_t> cell_of_band = cells_of_bins(layout.frequency);
  const std::vector<std::size_t> cell_of_frame = cells_of_bins(layout.time);
  CellGroups cells;
  for (std::size_t row = 0; row < layout.frequency.cells; ++row) {
    for (std::size_t column = 0; column < columns; ++column) {
      const BinRange frames = bins_of(cell_of_frame, column);
      cells.groups.push_back(
          {"", box_around(spectrogram, bins_of(cell_of_band, row),
                          {window.begin + frames.begin, window.begin + frames.end})});
    }
  }
  for (const std::size_t row : cell_of_band) {
    for (const std::size_t column : cell_of_frame) {
      cells.group_of_bin.push_back(static_cast<std::uint32_t>(row * columns + column));
    }
  }
  return cells;
}

CellGroups box_groups(std::span<const AnnotatedBox> boxes, const SpectrogramExtent& extent,
                      const std::filesystem::path& table) {
  require_count(boxes.size() + 1, table.string());
  const auto rest = static_cast<std::uint32_t>(boxes.size());
  CellGroups cells;
  cells.group_of_bin.assign(extent.frequency_hz.size() * extent.time_s.size(), rest);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const AnnotatedBox& box = boxes[i];
    const Array2d<std::uint8_t> inside = bins_inside(boxes.subspan(i, 1), extent, table);
    bool has_bin = false;
    for (std::size_t bin = 0; bin < inside.values.size(); ++bin) {
      if (inside.values[bin] == 0 || cells.group_of_bin[bin] != rest) continue;
      cells.group_of_bin[bin] = static_cast<std::uint32_t>(i);
      has_bin = true;
    }
    if (!has_bin) {
      throw ConfigError(
          fmt::format("{}: line {}: the boxes before cover this box; expected boxes "
                      "that do not overlap: remove the line",
                      table.string(), box.line));
    }
    cells.groups.push_back({box.label.empty() ? fmt::format("box {}", i + 1) : box.label,
                            {box.start_s, std::min(box.end_s, extent.duration_s), box.low_hz,
                             std::min(box.high_hz, extent.nyquist_hz)}});
  }
  cells.groups.push_back(
      {"rest", {extent.time_s.front(), extent.time_s.back(), 0.0, extent.nyquist_hz}});
  return cells;
}

}  // namespace relax_spectro
