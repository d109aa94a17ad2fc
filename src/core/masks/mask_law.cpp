#include "masks/mask_law.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/enum_names.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kEdges{"cell edges", std::array{std::pair{CellEdges::smooth, "smooth"sv},
                                                          std::pair{CellEdges::hard, "hard"sv}}};

constexpr std::size_t kMostTaps = std::size_t{1} << 26;  // 1 GiB

/// A number of cells over a number of bins.
struct Upsampling {
  std::size_t cells = 0;
  std::size_t bins = 0;
  CellEdges edges = CellEdges::smooth;

  [[nodiscard]] AxisTap tap_at(double place) const {
    return edges == CellEdges::hard ? hard_tap_at(place) : smooth_tap_at(place);
  }

  /// Linear interpolation with half-pixel centres, constant beyond the ends: the
  /// `align_corners=False` convention.
  [[nodiscard]] AxisTap smooth_tap_at(double place) const {
    const double scale = static_cast<double>(cells) / static_cast<double>(bins);
    const double position = std::max(0.0, (place + 0.5) * scale - 0.5);
    const auto cell = std::min(static_cast<std::size_t>(position), cells - 1);
    const std::size_t next = std::min(cell + 1, cells - 1);
    return {static_cast<std::uint32_t>(cell), static_cast<std::uint32_t>(next),
            position - static_cast<double>(cell)};
  }

  [[nodiscard]] AxisTap hard_tap_at(double place) const {
    // The division comes last, so that a bin centre exactly on an edge falls into the next cell.
    const double position =
        std::max(0.0, (place + 0.5) * static_cast<double>(cells) / static_cast<double>(bins));
    const auto cell =
        static_cast<std::uint32_t>(std::min(static_cast<std::size_t>(position), cells - 1));
    return {cell, cell, 0.0};
  }
};

/// A place on an axis that is extended by reflection about its end bins.
double reflected(double place, const std::vector<double>& places) {
  if (place < places.front()) place = 2.0 * places.front() - place;
  if (place > places.back()) place = 2.0 * places.back() - place;
  return place;
}

void require_cells(const AxisGrid& grid, std::string_view axis) {
  const std::size_t bins = grid.places.size();
  if (grid.cells < 1 || grid.cells > bins) {
    throw ConfigError(
        fmt::format("a grid of {} cells along {}: "
                    "expected 1 to {}, the number of bins",
                    grid.cells, axis, bins));
  }
  if (grid.cells > kMostTaps / bins) {
    throw ConfigError(fmt::format("a grid of {} cells along {} of {} bins; expected at most {}",
                                  grid.cells, axis, bins, kMostTaps / bins));
  }
}

AxisLaw random_axis_law(const AxisGrid& grid, CellEdges edges, std::string_view axis) {
  require_cells(grid, axis);
  const Upsampling upsampling{grid.cells, grid.places.size(), edges};
  const std::size_t padding = grid.cells / 2;
  AxisLaw law{grid.cells, grid.places.size(), grid.cells, {}};
  for (std::size_t shift = 0; shift < law.shifts; ++shift) {
    for (const double place : grid.places) {
      const double shifted = place + static_cast<double>(shift) - static_cast<double>(padding);
      law.taps.push_back(upsampling.tap_at(reflected(shifted, grid.places)));
    }
  }
  return law;
}

AxisLaw fixed_axis_law(std::size_t cells, std::size_t bins, std::string_view axis) {
  const AxisGrid grid = even_axis_grid(cells, bins);
  require_cells(grid, axis);
  AxisLaw law{cells, bins, 1, {}};
  for (const double place : grid.places) {
    law.taps.push_back(Upsampling{cells, bins, CellEdges::hard}.tap_at(place));
  }
  return law;
}

AxisLaw rise_axis_law(const AxisGrid& grid, CellEdges edges, std::string_view axis) {
  require_cells(grid, axis);
  const std::size_t bins = grid.places.size();
  const std::size_t cell_bins = (bins + grid.cells - 1) / grid.cells;
  const Upsampling upsampling{grid.cells, (grid.cells + 1) * cell_bins, edges};
  AxisLaw law{grid.cells, bins, cell_bins, {}};
  for (std::size_t shift = 0; shift < law.shifts; ++shift) {
    for (const double place : grid.places) {
      law.taps.push_back(upsampling.tap_at(place + static_cast<double>(shift)));
    }
  }
  return law;
}

AxisLaw window_axis_law(std::size_t bins, std::span<const BinRange> positions,
                        std::string_view axis) {
  if (positions.empty() || positions.size() > kMostTaps / bins) {
    throw ConfigError(
        fmt::format("a window at {} positions along {} of {} bins; "
                    "expected 1 to {}: take a larger stride",
                    positions.size(), axis, bins, kMostTaps / bins));
  }
  AxisLaw law{2, bins, positions.size(), {}};
  for (const BinRange& position : positions) {
    if (position.begin >= position.end || position.end > bins) {
      throw ConfigError(
          fmt::format("a window over bins {} to {} along {}; expected one bin or more of {}",
                      position.begin, position.end, axis, bins));
    }
    for (std::size_t bin = 0; bin < bins; ++bin) {
      const std::uint32_t inside = bin >= position.begin && bin < position.end ? 1 : 0;
      law.taps.push_back({inside, inside, 0.0});
    }
  }
  return law;
}

}  // namespace

CellEdges parse_cell_edges(std::string_view name) { return kEdges.parse(name); }
std::string_view to_string(CellEdges edges) { return kEdges.name_of(edges); }

AxisGrid even_axis_grid(std::size_t cells, std::size_t bins) {
  AxisGrid grid{cells, std::vector<double>(bins)};
  std::iota(grid.places.begin(), grid.places.end(), 0.0);
  return grid;
}

std::size_t cell_at(const AxisGrid& grid, double place) {
  return Upsampling{grid.cells, grid.places.size()}.hard_tap_at(place).cell;
}

MaskLaw random_mask_law(const AxisGrid& frequency, const AxisGrid& time, CellEdges edges) {
  return {random_axis_law(frequency, edges, "frequency"), random_axis_law(time, edges, "time")};
}

MaskLaw random_mask_law(Shape2d bins, Shape2d grid, CellEdges edges) {
  return random_mask_law(even_axis_grid(grid.rows, bins.rows),
                         even_axis_grid(grid.columns, bins.columns), edges);
}

MaskLaw fixed_mask_law(Shape2d bins, Shape2d grid) {
  return {fixed_axis_law(grid.rows, bins.rows, "frequency"),
          fixed_axis_law(grid.columns, bins.columns, "time")};
}

MaskLaw rise_mask_law(const AxisGrid& frequency, const AxisGrid& time, CellEdges edges) {
  return {rise_axis_law(frequency, edges, "frequency"), rise_axis_law(time, edges, "time")};
}

MaskLaw window_mask_law(Shape2d bins, std::span<const BinRange> frequency,
                        std::span<const BinRange> time) {
  return {window_axis_law(bins.rows, frequency, "frequency"),
          window_axis_law(bins.columns, time, "time")};
}

BinRange window_at(const AxisLaw& law, std::size_t position) {
  const auto taps = law.taps_at(position);
  const auto is_inside = [](const AxisTap& tap) { return tap.cell == 1; };
  const auto begin = std::ranges::find_if(taps, is_inside);
  const auto end = std::find_if_not(begin, taps.end(), is_inside);
  return {static_cast<std::size_t>(begin - taps.begin()),
          static_cast<std::size_t>(end - taps.begin())};
}

}  // namespace relax_spectro
