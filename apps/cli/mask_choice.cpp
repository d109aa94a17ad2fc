#include "cli/mask_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {
namespace {

/// Reads sizes with commas between them.
std::vector<Size2d> parse_sizes(const std::string& text, std::string_view option) {
  std::vector<Size2d> sizes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    sizes.push_back(parse_size(std::string_view(text).substr(begin, end - begin), option));
    begin = end + 1;
  }
  return sizes;
}

/// Gives windows strides: one for all, or one for each.
void set_strides(std::vector<SweptWindow>& windows, const std::string& text) {
  const std::vector<Size2d> strides = parse_sizes(text, "--stride");
  if (strides.size() != 1 && strides.size() != windows.size()) {
    throw ConfigError(fmt::format("--stride lists {} strides for {} windows; expected {}",
                                  strides.size(), windows.size(),
                                  windows.size() == 1 ? "one" : "one for all, or one for each"));
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    windows[i].stride = strides[strides.size() == 1 ? 0 : i];
  }
}

}  // namespace

void MaskChoice::declare(CommandLine& line) {
  line.group(HelpGroup::masks);
  typed_
      .text(line, "--family", &MaskOptions::family, parse_mask_family,
            "random, rise, time, frequency, time-frequency or window")
      .type_name("FAMILY");
  typed_
      .text(
          line, "-n,--masks", &MaskOptions::count,
          [](const std::string& text) {
            return text == "auto" ? std::nullopt : std::optional<std::size_t>(std::stoull(text));
          },
          "Masks for each window, or auto: until --tolerance is met")
      .type_name("N")
      .default_text("auto")
      .auto_or_whole_number();
  typed_
      .number(
          line, "--tolerance",
          [](MaskOptions& masks) -> double& { return masks.automatic.tolerance; },
          "With --masks auto: noise of the map over its contrast")
      .type_name("X");
  typed_
      .number(
          line, "--max-masks",
          [](MaskOptions& masks) -> std::size_t& { return masks.automatic.most_masks; },
          "With --masks auto: upper limit")
      .whole_number()
      .rare();
  typed_
      .text(line, "--design", &MaskOptions::design, parse_design,
            "How masks are drawn: code, sobol or independent")
      .type_name("DESIGN")
      .default_text("code where possible")
      .rare();
  typed_.number(line, "--seed", &MaskOptions::seed, "Seed of the masks and of --fill noise")
      .whole_number();
  typed_
      .text(line, "--seed-by", &MaskOptions::seed_by, parse_seed_by,
            "Masks depend on seed and recording, or on the seed alone (run)")
      .type_name("WHAT")
      .one_of({"recording", "run"})
      .rare();
  typed_
      .text(line, "--grid", &MaskOptions::grid, parse_mask_grid,
            "Cells, frequency x time: number or size (500Hzx0.25s), or adaptive")
      .type_name("SIZE");
  typed_
      .text(line, "--edges", &MaskOptions::edges, parse_cell_edges,
            "Edges of cells: smooth or hard")
      .type_name("KIND")
      .rare();
  typed_
      .number(line, "--keep", &MaskOptions::keep_probability,
              "Probability that a mask keeps a cell")
      .type_name("P")
      .rare();
  line.option("--window", &windows_,
              "With --family window: size to mask, or several (8x8,1000Hzx0.2s)")
      .type_name("SIZE,...")
      .default_text("16x16");
  line.option("--stride", &strides_, "With --family window: step between positions")
      .type_name("SIZE,...")
      .default_text("half the window");
}

MaskOptions MaskChoice::read(const MaskOptions& over) const {
  MaskOptions chosen = typed_.over(over);
  if (windows_) {
    chosen.windows.clear();
    for (const Size2d& size : parse_sizes(*windows_, "--window")) {
      chosen.windows.push_back({size, {}});
    }
  }
  if (strides_) set_strides(chosen.windows, *strides_);
  chosen.validate();
  return chosen;
}

}  // namespace relax_spectro::cli
