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

/// What kind of masks. To the rest of the code each is a mask law and a mask design.
enum class MaskFamily {
  random,          ///< the published RELAX package's grid
  rise,            ///< the RISE law: whole-cell shifts
  time,            ///< cells along time, constant over frequency
  frequency,       ///< cells along frequency, constant over time
  time_frequency,  ///< a mixture: one third time, one third frequency, one third their product
  window,          ///< one rectangle masked, at every position in turn: occlusion as Captum does it
};

/// @throws ConfigError  no such family; the message lists those there are.
[[nodiscard]] MaskFamily parse_mask_family(std::string_view name);
[[nodiscard]] std::string_view to_string(MaskFamily family);

/// Where masks are from. What depends on the kind of masks asks for this, not for the family.
enum class MaskSource {
  drawn,   ///< at random, from a seed, on a grid: as many as wanted
  swept,   ///< every position of a window: nothing is random, and the map is a drop of the score
  listed,  ///< given one by one, as in a mask file
};

/// How masks of a family are drawn.
enum class DesignKind {
  independent,  ///< every mask by itself, as the published packages do
  sobol,        ///< scrambled Sobol points, in blocks: fewer masks for the same map
  code,         ///< a code's words, in blocks: as sobol, for up to 128 cells kept with one half
};

/// @throws ConfigError  no such design; the message lists those there are.
[[nodiscard]] DesignKind parse_design(std::string_view name);
[[nodiscard]] std::string_view to_string(DesignKind design);

/// How many masks, where the map itself is to say when there are enough.
struct AutomaticCount {
  double tolerance = 0.15;         ///< noise of the map over its contrast, in (0, 1)
  std::size_t most_masks = 16384;  ///< stop here, whatever the noise
};

/// A rectangle of the window family, and how far apart its positions are.
struct SweptWindow {
  Size2d size{16, 16};
  std::optional<Size2d> stride;  ///< without it half the window's sides, at least 1 bin
};

/// Whether recordings that have a seed in common also have their masks, and the errors that come of
/// them, in common.
enum class SeedBy {
  recording,  ///< no: each has masks of its own, the same for every model
  run,        ///< yes
};

/// @throws ConfigError  no such name; the message lists those there are.
[[nodiscard]] SeedBy parse_seed_by(std::string_view name);
[[nodiscard]] std::string_view to_string(SeedBy seed_by);

/// Which masks a window is explained with. The defaults are those of the command line.
struct MaskOptions {
  MaskFamily family = MaskFamily::random;
  std::optional<DesignKind>
      design;  ///< without it: code where it can, else sobol, else independent
  /// 2 or more; nothing: as `automatic` says. The window family has every position, whatever it
  /// says.
  std::optional<std::size_t> count;
  AutomaticCount automatic;
  std::uint64_t seed = 0;
  SeedBy seed_by = SeedBy::recording;
  std::string recording;  ///< SHA-256 of its file, for seed_by; without it masks are the seed's own
  Size2d grid{7, 7};      ///< in cells, or the size of a cell; of all families but window
  CellEdges edges = CellEdges::smooth;
  double keep_probability = 0.5;
  /// Of the window family: one, or several to compare.
  std::vector<SweptWindow> windows = std::vector<SweptWindow>(1);
  std::optional<MaskList> listed;  ///< of the random law, instead of drawing masks

  [[nodiscard]] MaskSource source() const;
  /// The seed that masks, and a fill of noise, are drawn with: `seed`, or what Philox (see
  /// IndependentDesign) makes of it and the recording. Below 2^53, which any reader of JSON takes.
  [[nodiscard]] std::uint64_t effective_seed() const;
  /// The design that is used: the one asked for, or the best there is for masks of so many cells.
  [[nodiscard]] DesignKind resolved_design(Shape2d cells) const;
  /// Whether masks are added until the map is good enough.
  [[nodiscard]] bool is_automatic() const { return !count && source() == MaskSource::drawn; }
  /// Which masks, for a figure: "640 random masks 7x7 (code), keep 0.5, seed 0".
  /// @param many   how many there are.
  /// @param cells  the grid that came of the one asked for, with these edges.
  [[nodiscard]] std::string text(const std::string& many, Shape2d cells,
                                 CellEdges cell_edges) const;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

}  // namespace relax_spectro
