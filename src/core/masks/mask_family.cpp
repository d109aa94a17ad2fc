#include "relax_spectro/masks/mask_family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "base/draw_stream.hpp"
#include "base/enum_names.hpp"
#include "base/require.hpp"
#include "masks/axis_layout.hpp"

namespace relax_spectro {
namespace {

using core::require;
using namespace std::string_view_literals;

constexpr core::EnumNames kFamilies{
    "mask family",
    std::array{std::pair{MaskFamily::random, "random"sv}, std::pair{MaskFamily::rise, "rise"sv},
               std::pair{MaskFamily::time, "time"sv},
               std::pair{MaskFamily::frequency, "frequency"sv},
               std::pair{MaskFamily::time_frequency, "time-frequency"sv},
               std::pair{MaskFamily::window, "window"sv}}};

constexpr core::EnumNames kDesigns{
    "mask design",
    std::array{std::pair{DesignKind::independent, "independent"sv},
               std::pair{DesignKind::sobol, "sobol"sv}, std::pair{DesignKind::code, "code"sv}}};

void require_windows(const std::vector<SweptWindow>& windows) {
  constexpr std::size_t kMostWindows = 32;  // each has a map and a panel of its own
  require(!windows.empty() && windows.size() <= kMostWindows,
          fmt::format("--window lists {} sizes; expected 1 to {}", windows.size(), kMostWindows));
  for (const SweptWindow& window : windows) {
    window.size.validate("--window");
    if (window.stride) window.stride->validate("--stride");
  }
}

/// The grid that a family's cells lie on.
Size2d grid_of(MaskFamily family, const Size2d& grid) {
  if (family == MaskFamily::time) return {1, grid.time};
  if (family == MaskFamily::frequency) return {grid.frequency, 1};
  return grid;
}

/// Masks in a block: a power of two, small, as masks are added by blocks and the noise is told from
/// how many there are; fewer where eight blocks would be more masks than asked for.
///
/// Note [How small a block may be]
/// Where a block has fewer masks than 2.5 times its cells, some cells are tied to each other. Code
/// blocks draw anew which ones: over the blocks that averages out, and a mask a cell will do. Sobol
/// points tie the same ones in each block.
std::size_t block_size(std::size_t cells, DesignKind design, std::optional<std::size_t> count) {
  constexpr std::size_t kBlocks = 8;
  const std::size_t best = design == DesignKind::code
                               ? std::max<std::size_t>(64, std::bit_ceil(cells))
                               : std::max<std::size_t>(128, std::bit_ceil(cells * 5 / 2));
  if (!count || *count >= kBlocks * best) return best;
  return std::max<std::size_t>(2, std::bit_floor(*count / kBlocks));
}

std::unique_ptr<MaskDesign> make_design(const MaskOptions& options, const MaskLaw& law,
                                        std::size_t block) {
  if (options.family == MaskFamily::time_frequency) {
    return std::make_unique<TimeFrequencyDesign>(law, options.seed, options.keep_probability);
  }
  switch (options.resolved_design(law.grid())) {
    case DesignKind::code:
      return std::make_unique<CodeDesign>(law, options.seed, block, options.keep_probability);
    case DesignKind::sobol:
      return std::make_unique<SobolDesign>(law, options.seed, options.keep_probability, block);
    case DesignKind::independent:
      break;
  }
  return std::make_unique<IndependentDesign>(law, options.seed, options.keep_probability);
}

/// One mask's bits along one axis: 1 where a draw lies below the threshold.
std::vector<std::uint8_t> draw_bits(core::DrawStream& draws, std::size_t count,
                                    std::uint32_t keep_below) {
  std::vector<std::uint8_t> bits(count);
  for (std::uint8_t& bit : bits) bit = draws.next() < keep_below ? 1 : 0;
  return bits;
}

MaskSet listed_masks(const MaskOptions& options, const MaskAxes& axes) {
  const MaskList& listed = *options.listed;
  MaskSet set;
  set.layout = listed.layout;
  if (options.edges == CellEdges::hard) set.layout.edges = CellEdges::hard;
  const AxisGrid frequency = set.layout.even_in_hertz
                                 ? core::grid_even_in_hertz(listed.grid.rows, axes)
                                 : even_axis_grid(listed.grid.rows, axes.bins.rows);
  set.law = random_mask_law(frequency, even_axis_grid(listed.grid.columns, axes.bins.columns),
                            set.layout.edges);
  set.design = std::make_unique<ListedDesign>(listed.masks);
  set.count = set.design->size();
  return set;
}

MaskSet swept_masks(const SweptWindow& window, const MaskAxes& axes) {
  const core::WindowLayout layout =
      core::lay_windows(window.size, resolved_stride(window, axes), axes);
  MaskSet set;
  set.law = window_mask_law(axes.bins, layout.frequency, layout.time);
  set.design = std::make_unique<WindowSweepDesign>(set.law);
  set.count = set.design->size();
  return set;
}

MaskSet drawn_masks(const MaskOptions& options, const MaskAxes& axes) {
  const Size2d asked = grid_of(options.family, options.grid);
  const auto [frequency, time] = core::lay_grid(asked, axes);
  MaskSet set;
  set.law = options.family == MaskFamily::rise ? rise_mask_law(frequency, time, options.edges)
                                               : random_mask_law(frequency, time, options.edges);
  set.layout = {options.edges, asked.frequency.unit == SizeUnit::hertz};
  set.step = block_size(frequency.cells * time.cells,
                        options.resolved_design({frequency.cells, time.cells}), options.count);
  set.design = make_design(options, set.law, set.step);
  set.count = options.count.value_or(options.automatic.most_masks);
  return set;
}

}  // namespace

MaskFamily parse_mask_family(std::string_view name) { return kFamilies.parse(name); }
std::string_view to_string(MaskFamily family) { return kFamilies.name_of(family); }

DesignKind parse_design(std::string_view name) { return kDesigns.parse(name); }
std::string_view to_string(DesignKind design) { return kDesigns.name_of(design); }

DesignKind MaskOptions::resolved_design(Shape2d cells) const {
  if (design) return *design;
  if (family == MaskFamily::time_frequency) return DesignKind::independent;
  const std::size_t count_of_cells = cells.rows * cells.columns;
  if (keep_probability == 0.5 && count_of_cells <= CodeDesign::kMostCells) return DesignKind::code;
  return count_of_cells <= SobolDesign::kMostCells ? DesignKind::sobol : DesignKind::independent;
}

void MaskOptions::validate() const {
  constexpr std::size_t kMostMasks = 100'000'000;
  require(!count || (*count >= 2 && *count <= kMostMasks),
          fmt::format("--masks is {}; expected 2 to {}, or auto", count.value_or(0), kMostMasks));
  require(automatic.tolerance > 0.0 && automatic.tolerance < 1.0,
          fmt::format("--tolerance is {}; expected a value between 0 and 1, both excluded",
                      automatic.tolerance));
  require(automatic.most_masks >= 2 && automatic.most_masks <= kMostMasks,
          fmt::format("--max-masks is {}; expected 2 to {}", automatic.most_masks, kMostMasks));
  require(family != MaskFamily::time_frequency || !design || *design == DesignKind::independent,
          "--family time-frequency is a mixture, which only --design independent draws");
  grid.validate("--grid");
  require(
      grid.frequency.unit != SizeUnit::all && grid.time.unit != SizeUnit::all,
      fmt::format("--grid is '{}'; expected a number of cells where it says 'all', which is for "
                  "windows",
                  to_string(grid)));
  require_windows(windows);
  require(keep_probability > 0.0 && keep_probability < 1.0,
          fmt::format("--keep is {}; expected a value between 0 and 1, both excluded",
                      keep_probability));
  require(!listed || family == MaskFamily::random,
          "--masks-file holds masks of the family random; leave out --family");
}

MaskSet make_masks(const MaskOptions& options, const MaskAxes& axes) {
  require(
      axes.frequency_hz.empty() || axes.frequency_hz.size() == axes.bins.rows,
      fmt::format("masks of {} bands for a model of {}", axes.bins.rows, axes.frequency_hz.size()));
  if (options.listed) return listed_masks(options, axes);
  if (options.family == MaskFamily::window) {
    require(options.windows.size() == 1,
            fmt::format("--window lists {} sizes; expected one here", options.windows.size()));
    return swept_masks(options.windows.front(), axes);
  }
  return drawn_masks(options, axes);
}

std::vector<MaskSet> make_mask_sets(const MaskOptions& options, const MaskAxes& axes) {
  std::vector<MaskSet> sets;
  if (options.family != MaskFamily::window) {
    sets.push_back(make_masks(options, axes));
    return sets;
  }
  MaskOptions one = options;
  for (const SweptWindow& window : options.windows) {
    one.windows = {window};
    sets.push_back(make_masks(one, axes));
  }
  return sets;
}

Size2d resolved_stride(const SweptWindow& window, const MaskAxes& axes) {
  return window.stride ? *window.stride : core::half_of(window.size, axes);
}

Array2d<double> mean_weights(const MaskSet& set) {
  MaskSums sums(set.law);
  for (std::size_t n = 0; n < set.count; ++n) {
    sums.add(set.design->mask(n), 1.0 / static_cast<double>(set.count));
  }
  return sums.expand();
}

Coverage coverage_of(const Array2d<double>& mean_weights) {
  const auto bins = static_cast<double>(mean_weights.values.size());
  Coverage coverage;
  for (const double weight : mean_weights.values) coverage.mean += weight / bins;
  double squares = 0.0;
  for (const double weight : mean_weights.values)
    squares += std::pow(weight - coverage.mean, 2) / bins;
  coverage.spread = std::sqrt(squares);
  return coverage;
}

TimeFrequencyDesign::TimeFrequencyDesign(const MaskLaw& law, std::uint64_t seed,
                                         double keep_probability)
    : grid_(law.grid()),
      shifts_(law.shifts()),
      seed_(seed),
      keep_below_(core::keep_threshold(keep_probability)),
      keep_factor_below_(core::keep_threshold(std::sqrt(keep_probability))) {}

Mask TimeFrequencyDesign::mask(std::size_t index) const {
  core::DrawStream draws(seed_, index, core::DrawsFor::time_frequency_mask);
  Mask mask;
  mask.shift = {draws.next_below(shifts_.rows), draws.next_below(shifts_.columns)};
  const std::uint32_t kind = draws.next_below(3);  // 0: time, 1: frequency, 2: their product
  const std::uint32_t keep = kind == 2 ? keep_factor_below_ : keep_below_;
  const std::vector<std::uint8_t> rows = draw_bits(draws, grid_.rows, keep);
  const std::vector<std::uint8_t> columns = draw_bits(draws, grid_.columns, keep);
  for (const std::uint8_t row : rows) {
    for (const std::uint8_t column : columns) {
      const std::uint8_t row_bit = kind == 0 ? 1 : row;
      const std::uint8_t column_bit = kind == 1 ? 1 : column;
      mask.cell_bits.push_back(row_bit * column_bit);
    }
  }
  return mask;
}

Mask WindowSweepDesign::mask(std::size_t index) const {
  return {{1, 1, 1, 0},
          {static_cast<std::uint32_t>(index / positions_.columns),
           static_cast<std::uint32_t>(index % positions_.columns)}};
}

}  // namespace relax_spectro
