#include "mask_text.hpp"

#include <fmt/format.h>

namespace relax_spectro::render {
namespace {

std::string shape_text(Shape2d shape) { return fmt::format("{}x{}", shape.rows, shape.columns); }

}  // namespace

std::string mask_text(const std::string& count, const MaskOptions& masks) {
  if (masks.family == MaskFamily::window) {
    return fmt::format("{} windows {} bins, every {}", count, shape_text(masks.window),
                       shape_text(masks.stride));
  }
  if (masks.listed) return fmt::format("{} listed masks {}", count, shape_text(masks.listed->grid));
  return fmt::format("{} {} masks {} ({}), keep {}, seed {}", count, to_string(masks.family),
                     shape_text(masks.resolved_grid()), to_string(masks.resolved_design()),
                     masks.keep_probability, masks.seed);
}

}  // namespace relax_spectro::render
