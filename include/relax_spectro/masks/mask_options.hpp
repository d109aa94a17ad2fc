#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/masks/axis_size.hpp"
#include "relax_spectro/masks/mask_list.hpp"

namespace relax_spectro {

/// The kind of masks. Internally, each is a mask law and a mask design.
enum class MaskFamily {
  random,          ///< the published RELAX package's grid
  rise,            ///< the RISE law: whole-cell shifts
  time,            ///< cells along time, constant over frequency
  frequency,       ///< cells along frequency, constant over time
  time_frequency,  ///< a mixture: one third time, one third frequency, one third their product
  window,          ///< one masked rectangle at every position in turn: occlusion as in Captum
};

/// @throws ConfigError  unknown family; the message lists the valid ones.
[[nodiscard]] MaskFamily parse_mask_family(std::string_view name);
[[nodiscard]] std::string_view to_string(MaskFamily family);

/// The origin of masks. Code that depends on the kind of masks uses this, not the family.
enum class MaskSource {
  drawn,   ///< at random from a seed, on a grid: as many as requested
  swept,   ///< every position of a window: nothing is random, and the map is a drop of the score
  listed,  ///< explicit masks, e.g. from a mask file
};

/// How the masks of a family are drawn.
enum class DesignKind {
  independent,  ///< every mask independently, as in the published packages
  sobol,        ///< scrambled Sobol points, in blocks: fewer masks for the same map
  code,         ///< words of a code, in blocks: like sobol, for up to 128 cells kept with one half
};

/// @throws ConfigError  unknown design; the message lists the valid ones.
[[nodiscard]] DesignKind parse_design(std::string_view name);
[[nodiscard]] std::string_view to_string(DesignKind design);

/// Settings for adding masks until the map is good enough.
struct AutomaticCount {
  double tolerance = 0.15;         ///< noise of the map over its contrast, in (0, 1)
  std::size_t most_masks = 16384;  ///< upper limit
};

/// A rectangle of the window family, and the distance between its positions.
struct SweptWindow {
  Size2d size{16, 16};
  std::optional<Size2d> stride;  ///< without it, half the window's sides, at least 1 bin
};

/// Whether recordings with the same seed share their masks, and so the errors of their maps.
enum class SeedBy {
  recording,  ///< no: each has its own masks, the same for every model
  run,        ///< yes
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] SeedBy parse_seed_by(std::string_view name);
[[nodiscard]] std::string_view to_string(SeedBy seed_by);

/// The cells of masks: how many along each axis, or how large; or adaptive ones.
struct MaskGrid {
  Size2d cells{7, 7};     ///< without meaning where they are adaptive
  bool adaptive = false;  ///< a few cells to begin with, split where the score reacts

  constexpr MaskGrid() = default;
  constexpr MaskGrid(Size2d of_cells) : cells(of_cells) {}
  constexpr MaskGrid(AxisSize frequency, AxisSize time) : cells{frequency, time} {}
  [[nodiscard]] static constexpr MaskGrid adaptive_cells() {
    MaskGrid grid;
    grid.adaptive = true;
    return grid;
  }

  friend bool operator==(const MaskGrid&, const MaskGrid&) = default;
};

/// Reads "adaptive", or a size as parse_size does.
/// @throws ConfigError  naming --grid: anything else.
[[nodiscard]] MaskGrid parse_mask_grid(std::string_view text);
/// As parse_mask_grid reads it.
[[nodiscard]] std::string to_string(const MaskGrid& grid);

/// The masks with which a window is explained. The defaults are those of the command line.
struct MaskOptions {
  MaskFamily family = MaskFamily::random;
  std::optional<DesignKind> design;  ///< without it: code if possible, else sobol, else independent
  /// 2 or more. Nothing: `automatic` decides. The window family ignores it and uses every position.
  std::optional<std::size_t> count;
  AutomaticCount automatic;
  std::uint64_t seed = 0;
  SeedBy seed_by = SeedBy::recording;
  std::string recording;  ///< SHA-256 of its file, for seed_by; without it, masks depend only on
                          ///< the seed
  MaskGrid grid;          ///< for all families except window
  CellEdges edges = CellEdges::smooth;
  double keep_probability = 0.5;
  /// For the window family: one window, or several to compare.
  std::vector<SweptWindow> windows = std::vector<SweptWindow>(1);
  std::optional<MaskList> listed;  ///< of the random law, used instead of drawn masks

  [[nodiscard]] MaskSource source() const;
  /// The seed of the masks, and of a fill of noise. It is `seed`, or a Philox hash (see
  /// IndependentDesign) of it and the recording. Below 2^53, so that every JSON reader represents
  /// it exactly.
  [[nodiscard]] std::uint64_t effective_seed() const;
  /// The design that is used: the requested one, or the best one for this number of cells.
  [[nodiscard]] DesignKind resolved_design(Shape2d cells) const;
  /// Whether masks are added until the map is good enough.
  [[nodiscard]] bool is_automatic() const { return !count && source() == MaskSource::drawn; }
  /// A description of the masks for a figure: "640 random masks 7x7 (code), keep 0.5, seed 0".
  /// @param many   the number of masks, as text.
  /// @param cells  the resulting grid, with these edges.
  [[nodiscard]] std::string text(const std::string& many, Shape2d cells,
                                 CellEdges cell_edges) const;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

}  // namespace relax_spectro
