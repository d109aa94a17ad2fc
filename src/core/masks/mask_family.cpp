#include "masks/mask_family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "base/draw_stream.hpp"
#include "base/enum_names.hpp"
#include "base/require.hpp"
#include "masks/adaptive_design.hpp"
#include "masks/axis_layout.hpp"

namespace relax_spectro {
namespace {

using core::require;
using namespace std::string_view_literals;

using LawOf = MaskLaw (*)(const AxisGrid&, const AxisGrid&, CellEdges);

/// The properties of a family. Other code asks for these, not for the family.
struct Family {
  MaskFamily family;
  std::string_view name;
  MaskSource source = MaskSource::drawn;
  bool has_rows = true;     // the grid has rows, along frequency
  bool has_columns = true;  // the grid has columns, along time
  LawOf law = random_mask_law;
  bool is_mixture = false;  // drawn by TimeFrequencyDesign
};

constexpr std::array kFamilies{
    Family{MaskFamily::random, "random"},
    Family{.family = MaskFamily::rise, .name = "rise", .law = rise_mask_law},
    Family{.family = MaskFamily::time, .name = "time", .has_rows = false},
    Family{.family = MaskFamily::frequency, .name = "frequency", .has_columns = false},
    Family{.family = MaskFamily::time_frequency, .name = "time-frequency", .is_mixture = true},
    Family{MaskFamily::window, "window", MaskSource::swept}};

constexpr core::EnumNames kFamilyNames{
    "mask family", [] {
      std::array<std::pair<MaskFamily, std::string_view>, kFamilies.size()> names;
      std::ranges::transform(kFamilies, names.begin(), [](const Family& row) {
        return std::pair{row.family, row.name};
      });
      return names;
    }()};

const Family& row_of(MaskFamily family) {
  return *std::ranges::find(kFamilies, family, &Family::family);
}

constexpr core::EnumNames kDesigns{
    "mask design",
    std::array{std::pair{DesignKind::independent, "independent"sv},
               std::pair{DesignKind::sobol, "sobol"sv}, std::pair{DesignKind::code, "code"sv}}};

constexpr core::EnumNames kSeedBys{
    "seed-by",
    std::array{std::pair{SeedBy::recording, "recording"sv}, std::pair{SeedBy::run, "run"sv}}};

constexpr std::string_view kAdaptive = "adaptive";
constexpr std::string_view kPairs = "pairs";  // the design of adaptive masks

void require_adaptive(const MaskOptions& options) {
  const auto require_plain = [](bool is_plain, std::string_view what) {
    require(is_plain, fmt::format("--grid adaptive {}", what));
  };
  require_plain(options.source() == MaskSource::drawn && !row_of(options.family).is_mixture &&
                    row_of(options.family).law == LawOf{random_mask_law},
                "is for --family random, time and frequency");
  require_plain(options.keep_probability == 0.5, "needs --keep 0.5");
  require_plain(!options.design, "has a design of its own; leave out --design");
}

void require_windows(const std::vector<SweptWindow>& windows) {
  constexpr std::size_t kMostWindows = 32;  // each has a map and a panel
  require(!windows.empty() && windows.size() <= kMostWindows,
          fmt::format("--window lists {} sizes; expected 1 to {}", windows.size(), kMostWindows));
  for (const SweptWindow& window : windows) {
    window.size.validate("--window");
    if (window.stride) window.stride->validate("--stride");
  }
}

/// The number of masks in a block, a power of two. Small blocks let masks be added in small steps,
/// and give more parts for the standard error. Blocks become smaller if eight of them would exceed
/// the requested number of masks.
///
/// Note [How small a block may be]
/// If a block has fewer masks than 2.5 times its cells, some cells depend on each other. Code
/// blocks draw new dependencies for each block, so they average out: one mask a cell is enough.
/// Sobol points have the same dependencies in every block.
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
  const std::uint64_t seed = options.effective_seed();
  const double keep = options.keep_probability;
  if (row_of(options.family).is_mixture) {
    return std::make_unique<TimeFrequencyDesign>(law, seed, keep);
  }
  switch (options.resolved_design(law.grid())) {
    case DesignKind::code:
      return std::make_unique<CodeDesign>(law, seed, block, keep);
    case DesignKind::sobol:
      return std::make_unique<SobolDesign>(law, seed, keep, block);
    case DesignKind::independent:
      break;
  }
  return std::make_unique<IndependentDesign>(law, seed, keep);
}

/// The bits of one mask along one axis: 1 if a draw is below the threshold.
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
  set.design_name = "listed";
  set.count = set.design->size();
  return set;
}

MaskSet swept_masks(const SweptWindow& window, const MaskAxes& axes) {
  const core::WindowLayout layout =
      core::lay_windows(window.size, resolved_stride(window, axes), axes);
  MaskSet set;
  set.law = window_mask_law(axes.bins, layout.frequency, layout.time);
  set.design = std::make_unique<WindowSweepDesign>(set.law);
  set.design_name = "sweep";
  set.count = set.design->size();
  set.window = window;
  return set;
}

/// How often cells can be halved until they have so few bins.
std::size_t lattice_side(std::size_t cells, std::size_t bins, std::size_t fewest) {
  while (2 * cells * fewest <= bins) cells *= 2;
  return cells;
}

/// Adaptive masks: their first cells, and the lattice that later ones are made of.
///
/// Note [Why adaptive cells begin large]
/// A cell is found by its effect, and the fewer cells there are, the surer each effect is. From 7x7
/// cells the masks of a run do not suffice to find what to split.
MaskSet adaptive_masks(const MaskOptions& options, const MaskAxes& axes) {
  constexpr Shape2d kFewestBins{4, 6};
  const Family& family = row_of(options.family);
  Shape2d first{2, 4};
  if (!family.has_rows) first = {1, 8};
  if (!family.has_columns) first = {8, 1};
  first = {std::min(first.rows, axes.bins.rows), std::min(first.columns, axes.bins.columns)};
  Shape2d lattice = first;
  if (family.has_rows) {
    lattice.rows = lattice_side(first.rows, axes.bins.rows, kFewestBins.rows);
  }
  if (family.has_columns) {
    lattice.columns = lattice_side(first.columns, axes.bins.columns, kFewestBins.columns);
  }
  MaskSet set;
  set.law = fixed_mask_law(axes.bins, lattice);
  set.layout.edges = CellEdges::hard;
  set.design_name = kPairs;
  set.step = block_size(first.rows * first.columns, DesignKind::code, options.count);
  auto design = std::make_unique<AdaptiveDesign>(lattice, options.effective_seed());
  design->add_round(equal_cells(lattice, first), set.step);
  set.design = std::move(design);
  set.count = options.count.value_or(options.automatic.most_masks);
  set.first_cells = first;
  return set;
}

MaskSet drawn_masks(const MaskOptions& options, const MaskAxes& axes) {
  if (options.grid.adaptive) return adaptive_masks(options, axes);
  const Family& family = row_of(options.family);
  Size2d asked = options.grid.cells;
  if (!family.has_rows) asked.frequency = 1;
  if (!family.has_columns) asked.time = 1;
  const auto [frequency, time] = core::lay_grid(asked, axes);
  MaskSet set;
  set.law = family.law(frequency, time, options.edges);
  set.layout = {options.edges, asked.frequency.unit == SizeUnit::hertz};
  const DesignKind design = options.resolved_design(set.law.grid());
  set.design_name = to_string(design);
  set.step = block_size(frequency.cells * time.cells, design, options.count);
  set.design = make_design(options, set.law, set.step);
  set.count = options.count.value_or(options.automatic.most_masks);
  return set;
}

}  // namespace

MaskFamily parse_mask_family(std::string_view name) { return kFamilyNames.parse(name); }
std::string_view to_string(MaskFamily family) { return kFamilyNames.name_of(family); }

DesignKind parse_design(std::string_view name) { return kDesigns.parse(name); }
std::string_view to_string(DesignKind design) { return kDesigns.name_of(design); }

SeedBy parse_seed_by(std::string_view name) { return kSeedBys.parse(name); }
std::string_view to_string(SeedBy seed_by) { return kSeedBys.name_of(seed_by); }

MaskGrid parse_mask_grid(std::string_view text) {
  return text == kAdaptive ? MaskGrid::adaptive_cells() : MaskGrid(parse_size(text, "--grid"));
}

std::string to_string(const MaskGrid& grid) {
  return grid.adaptive ? std::string(kAdaptive) : to_string(grid.cells);
}

MaskSource MaskOptions::source() const {
  return listed ? MaskSource::listed : row_of(family).source;
}

std::uint64_t MaskOptions::effective_seed() const {
  if (seed_by == SeedBy::run || recording.empty()) return seed;
  // The beginning of a SHA-256 is enough to distinguish recordings.
  constexpr std::size_t kDigits = 16;
  const char* const text = recording.data();
  std::uint64_t beginning = 0;
  require(recording.size() >= kDigits &&
              std::from_chars(text, text + kDigits, beginning, 16).ptr == text + kDigits,
          fmt::format("'{}' is not the SHA-256 of a recording", recording));
  core::DrawStream draws(seed, beginning, core::DrawsFor::seed_of_recording);
  const std::uint64_t high = draws.next();
  return (high << 32 | draws.next()) >> 11;
}

DesignKind MaskOptions::resolved_design(Shape2d cells) const {
  if (design) return *design;
  if (row_of(family).is_mixture) return DesignKind::independent;
  const std::size_t count_of_cells = cells.rows * cells.columns;
  if (keep_probability == 0.5 && count_of_cells <= CodeDesign::kMostCells) return DesignKind::code;
  return count_of_cells <= SobolDesign::kMostCells ? DesignKind::sobol : DesignKind::independent;
}

std::string MaskOptions::text(const std::string& many, Shape2d cells, CellEdges cell_edges) const {
  if (source() == MaskSource::swept) {
    const SweptWindow& window = windows.front();
    return fmt::format("{} windows {}, every {}", many, to_string(window.size),
                       window.stride ? to_string(*window.stride) : "half a side");
  }
  const std::string edges_text =
      cell_edges == CellEdges::hard && !grid.adaptive ? ", hard edges" : "";
  std::string grid_text = fmt::format("{}x{}", cells.rows, cells.columns);
  if (listed) return fmt::format("{} listed masks {}{}", many, grid_text, edges_text);
  // With units, the request is more informative than the resulting number of cells.
  if (grid.adaptive) grid_text = to_string(grid);
  if (grid.cells.frequency.unit != SizeUnit::count || grid.cells.time.unit != SizeUnit::count) {
    grid_text += fmt::format(" ({})", to_string(grid));
  }
  return fmt::format("{} {} masks {}{} ({}), keep {}, seed {}", many, to_string(family), grid_text,
                     edges_text, grid.adaptive ? kPairs : to_string(resolved_design(cells)),
                     keep_probability, seed);
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
  require(!row_of(family).is_mixture || !design || *design == DesignKind::independent,
          fmt::format("--family {} is a mixture, which only --design independent draws",
                      to_string(family)));
  if (grid.adaptive) require_adaptive(*this);
  grid.cells.validate("--grid");
  require(grid.cells.frequency.unit != SizeUnit::all && grid.cells.time.unit != SizeUnit::all,
          fmt::format("--grid is '{}'; expected numbers or sizes of cells, "
                      "because 'all' is only for --window",
                      to_string(grid)));
  require_windows(windows);
  require(keep_probability > 0.0 && keep_probability < 1.0,
          fmt::format("--keep is {}; expected a value between 0 and 1, both excluded",
                      keep_probability));
  require(!listed || family == MaskFamily::random,
          "--masks-file holds masks of the family random; leave out --family");
}

MaskSet make_masks(const MaskOptions& options, const MaskAxes& axes) {
  require(options.source() != MaskSource::swept || options.windows.size() == 1,
          fmt::format("--window lists {} sizes; expected one here", options.windows.size()));
  return std::move(make_mask_sets(options, axes).front());
}

std::vector<MaskSet> make_mask_sets(const MaskOptions& options, const MaskAxes& axes) {
  require(
      axes.frequency_hz.empty() || axes.frequency_hz.size() == axes.bins.rows,
      fmt::format("masks of {} bands for a model of {}", axes.bins.rows, axes.frequency_hz.size()));
  std::vector<MaskSet> sets;
  switch (options.source()) {
    case MaskSource::drawn:
      sets.push_back(drawn_masks(options, axes));
      break;
    case MaskSource::listed:
      sets.push_back(listed_masks(options, axes));
      break;
    case MaskSource::swept:
      for (const SweptWindow& window : options.windows) {
        sets.push_back(swept_masks(window, axes));
      }
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
