#include "mask_text.hpp"

#include <fmt/format.h>

namespace relax_spectro::render {
namespace {

bool has_units(const Size2d& size) {
  return size.frequency.unit != SizeUnit::count || size.time.unit != SizeUnit::count;
}

std::string sweep_text(const std::string& count, const SweptWindow& window) {
  return fmt::format("{} windows {}, every {}", count, to_string(window.size),
                     window.stride ? to_string(*window.stride) : "half a side");
}

}  // namespace

std::string shape_text(Shape2d shape) { return fmt::format("{}x{}", shape.rows, shape.columns); }

std::string mask_text(const std::string& count, const MaskOptions& masks, Shape2d grid,
                      CellEdges edges) {
  if (masks.family == MaskFamily::window) return sweep_text(count, masks.windows.front());
  const std::string edges_text = edges == CellEdges::hard ? ", hard edges" : "";
  std::string grid_text = shape_text(grid);
  if (masks.listed) return fmt::format("{} listed masks {}{}", count, grid_text, edges_text);
  // In units, what was asked for says more than the cells that came of it.
  if (has_units(masks.grid)) grid_text += fmt::format(" ({})", to_string(masks.grid));
  return fmt::format("{} {} masks {}{} ({}), keep {}, seed {}", count, to_string(masks.family),
                     grid_text, edges_text, to_string(masks.resolved_design(grid)),
                     masks.keep_probability, masks.seed);
}

}  // namespace relax_spectro::render
