#include "masks/mask_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <span>
#include <string>

#include "files/npz.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

const NumericArray& array_of(const std::map<std::string, NumericArray>& arrays,
                             const std::string& name, std::size_t axes, std::string_view shape,
                             const std::string& path) {
  const auto found = arrays.find(name);
  if (found == arrays.end() || found->second.shape.size() != axes) {
    const std::string what =
        found == arrays.end() ? "is missing"
                              : fmt::format("has shape ({})", fmt::join(found->second.shape, ", "));
    throw IoError(fmt::format("{}: {} {}; expected {} (relax-spectro masks writes such a file)",
                              path, name, what, shape));
  }
  return found->second;
}

/// A whole number within [0, most], as mask files require.
std::uint32_t whole_number(double value, double most, std::string_view name,
                           const std::string& path) {
  if (!(value >= 0.0 && value <= most && value == std::floor(value))) {
    throw IoError(fmt::format("{}: {} holds {}; expected whole numbers from 0 to {}", path, name,
                              value, most));
  }
  return static_cast<std::uint32_t>(value);
}

/// An array with a single 0 or 1; 0 if it is missing.
bool read_flag(const std::map<std::string, NumericArray>& arrays, const std::string& name,
               const std::string& path) {
  if (!arrays.contains(name)) return false;
  const NumericArray& flag = array_of(arrays, name, 1, "(1)", path);
  if (flag.values.size() != 1) {
    throw IoError(fmt::format("{}: {} holds {} values; expected one, 0 or 1", path, name,
                              flag.values.size()));
  }
  return whole_number(flag.values[0], 1, name, path) == 1;
}

}  // namespace

MaskList read_mask_file(const std::filesystem::path& path) {
  const auto arrays = read_npz(path, {"cell_bits", "shift", "hard_edges", "even_in_hertz"});
  const NumericArray& bits = array_of(arrays, "cell_bits", 3, "(N, rows, columns)", path.string());
  const NumericArray& shifts = array_of(arrays, "shift", 2, "(N, 2)", path.string());
  const std::size_t count = bits.shape[0];
  MaskList list{{bits.shape[1], bits.shape[2]}, {}, {}};
  if (read_flag(arrays, "hard_edges", path.string())) list.layout.edges = CellEdges::hard;
  list.layout.even_in_hertz = read_flag(arrays, "even_in_hertz", path.string());
  if (shifts.shape[0] != count || shifts.shape[1] != 2) {
    throw IoError(fmt::format("{}: shift has shape ({}); expected ({}, 2), as cell_bits holds {}",
                              path.string(), fmt::join(shifts.shape, ", "), count, count));
  }
  const std::size_t cells = list.grid.rows * list.grid.columns;
  if (count == 0 || cells == 0) {
    throw IoError(fmt::format("{}: holds no masks ({} of {} cells)", path.string(), count, cells));
  }
  for (std::size_t n = 0; n < count; ++n) {
    Mask mask;
    for (std::size_t cell = 0; cell < cells; ++cell) {
      mask.cell_bits.push_back(static_cast<std::uint8_t>(
          whole_number(bits.values[n * cells + cell], 1, "cell_bits", path.string())));
    }
    // A shift along an axis of c cells must be below c.
    mask.shift = {whole_number(shifts.values[2 * n], static_cast<double>(list.grid.rows) - 1,
                               "shift", path.string()),
                  whole_number(shifts.values[2 * n + 1], static_cast<double>(list.grid.columns) - 1,
                               "shift", path.string())};
    list.masks.push_back(std::move(mask));
  }
  return list;
}

void write_mask_file(const std::filesystem::path& path, const MaskLaw& law,
                     const MaskDesign& design, MaskRange range, bool expanded, Overwrite overwrite,
                     const CellLayout& layout) {
  const Shape2d grid = law.grid();
  const Shape2d bins = law.bins();
  const std::size_t bin_count = bins.rows * bins.columns;
  constexpr std::size_t kMostWeights = std::size_t{1} << 30;  // 4 GiB
  if (expanded && range.size() > kMostWeights / bin_count) {
    throw ConfigError(
        fmt::format("{} expanded masks of {}x{} bins are {:.3g} weights; expected at most {:.3g}: "
                    "leave out --expanded, or write fewer",
                    range.size(), bins.rows, bins.columns,
                    static_cast<double>(range.size()) * static_cast<double>(bin_count),
                    static_cast<double>(kMostWeights)));
  }
  std::vector<std::uint8_t> bits;
  std::vector<std::int64_t> shifts;
  std::vector<float> weights(expanded ? range.size() * bin_count : 0);
  for (std::size_t n = range.begin; n < range.end; ++n) {
    const Mask mask = design.mask(n);
    bits.insert(bits.end(), mask.cell_bits.begin(), mask.cell_bits.end());
    shifts.insert(shifts.end(), mask.shift.begin(), mask.shift.end());
    if (expanded) {
      expand_mask(law, mask, std::span(weights).subspan((n - range.begin) * bin_count, bin_count));
    }
  }
  OutputFile output(path, overwrite);
  NpzWriter writer;
  writer.add("cell_bits", {range.size(), grid.rows, grid.columns},
             std::span<const std::uint8_t>(bits));
  writer.add("shift", {range.size(), 2}, std::span<const std::int64_t>(shifts));
  const std::uint8_t yes = 1;
  if (layout.edges == CellEdges::hard) writer.add("hard_edges", {1}, std::span(&yes, 1));
  if (layout.even_in_hertz) writer.add("even_in_hertz", {1}, std::span(&yes, 1));
  if (expanded) {
    writer.add("masks", {range.size(), bins.rows, bins.columns}, std::span<const float>(weights));
  }
  writer.write(output.temporary_path());
  output.commit();
}

}  // namespace relax_spectro
