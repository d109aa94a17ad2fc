#include "relax_spectro/mask_family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "draw_stream.hpp"
#include "enum_names.hpp"
#include "require.hpp"

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

// Blocks of this size leave no three cells tied to each other (code, up to 64 cells).
constexpr std::size_t kSmallestBlock = 128;

void require_sides(Shape2d shape, std::string_view option) {
  require(shape.rows >= 1 && shape.columns >= 1,
          fmt::format("{} is {}x{}; expected at least 1x1", option, shape.rows, shape.columns));
}

/// Masks in a block: a power of two with at least 2.5 masks a cell, below which cells are tied;
/// fewer where eight blocks would be more masks than asked for, as the noise is told from blocks.
std::size_t block_size(std::size_t cells, std::optional<std::size_t> count) {
  constexpr std::size_t kBlocks = 8;
  const std::size_t best = std::max(kSmallestBlock, std::bit_ceil(cells * 5 / 2));
  if (!count || *count >= kBlocks * best) return best;
  return std::max<std::size_t>(2, std::bit_floor(*count / kBlocks));
}

std::unique_ptr<MaskDesign> make_design(const MaskOptions& options, const MaskLaw& law,
                                        std::size_t block) {
  if (options.family == MaskFamily::time_frequency) {
    return std::make_unique<TimeFrequencyDesign>(law, options.seed, options.keep_probability);
  }
  switch (options.resolved_design()) {
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

}  // namespace

MaskFamily parse_mask_family(std::string_view name) { return kFamilies.parse(name); }
std::string_view to_string(MaskFamily family) { return kFamilies.name_of(family); }

DesignKind parse_design(std::string_view name) { return kDesigns.parse(name); }
std::string_view to_string(DesignKind design) { return kDesigns.name_of(design); }

DesignKind MaskOptions::resolved_design() const {
  if (design) return *design;
  if (family == MaskFamily::time_frequency) return DesignKind::independent;
  const std::size_t cells = resolved_grid().rows * resolved_grid().columns;
  if (keep_probability == 0.5 && cells <= CodeDesign::kMostCells) return DesignKind::code;
  return cells <= SobolDesign::kMostCells ? DesignKind::sobol : DesignKind::independent;
}

Shape2d MaskOptions::resolved_grid() const {
  if (family == MaskFamily::time) return {1, grid.columns};
  if (family == MaskFamily::frequency) return {grid.rows, 1};
  return grid;
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
  require_sides(grid, "--grid");
  require_sides(window, "--window");
  require_sides(stride, "--stride");
  require(keep_probability > 0.0 && keep_probability < 1.0,
          fmt::format("--keep is {}; expected a value between 0 and 1, both excluded",
                      keep_probability));
  require(!listed || family == MaskFamily::random,
          "--masks-file holds masks of the family random; leave out --family");
}

MaskSet make_masks(const MaskOptions& options, Shape2d bins) {
  MaskSet set;
  if (options.listed) {
    set.law = random_mask_law(bins, options.listed->grid);
    set.design = std::make_unique<ListedDesign>(options.listed->masks);
    set.count = set.design->size();
    return set;
  }
  if (options.family == MaskFamily::window) {
    set.law = window_mask_law(bins, options.window, options.stride);
    set.design = std::make_unique<WindowSweepDesign>(set.law);
    set.count = set.design->size();
    return set;
  }
  const Shape2d grid = options.resolved_grid();
  set.law =
      options.family == MaskFamily::rise ? rise_mask_law(bins, grid) : random_mask_law(bins, grid);
  set.step = block_size(grid.rows * grid.columns, options.count);
  set.design = make_design(options, set.law, set.step);
  set.count = options.count.value_or(options.automatic.most_masks);
  return set;
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
