#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "interactions/cell_groups.hpp"
#include "interactions/pair_effects.hpp"
#include "occlusion/recording_windows.hpp"
#include "relax_spectro/masks/mask_options.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "relax_spectro/occlusion/prediction.hpp"
#include "relax_spectro/occlusion/score.hpp"

namespace relax_spectro {

/// What the other groups are while a pair is measured.
enum class PairContext {
  average,  ///< kept or masked, in all combinations
  whole,    ///< kept
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] PairContext parse_pair_context(std::string_view name);
[[nodiscard]] std::string_view to_string(PairContext context);

struct InteractionOptions {
  Size2d grid{12, 1};
  PairContext context = PairContext::average;
  std::optional<std::size_t> count;  ///< of masks, for `average`; see balanced_patterns
  ScoreSpec score{ScoreKind::logit, "top"};
  Fill fill;
  std::optional<double> hop_s;  ///< from window to window; without it, the card's hop
  std::uint64_t seed = 0;       ///< of codes and of a fill of noise
};

/// Which parts of a recording work together.
struct Interactions {
  std::vector<CellGroup> groups;        ///< of the first window
  PairEffects effects;                  ///< means over windows
  std::vector<HeardClass> heard;        ///< in the first window
  std::vector<double> unmasked_scores;  ///< of each window
  double silent_share = 0.0;            ///< of the windows' frames: digital silence
  CellPatterns patterns;                ///< of the masks, the same in each window
  Array2d<double> scores;               ///< [window, mask]
  EngineUse engine;
  std::vector<std::string> warnings;
};

/// Receives the number of masks done and the total.
using InteractionProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Checks that a recording has one window, as parts of the time need.
/// @throws ConfigError  it has more.
void require_one_window(const RecordingWindows& recording);

/// Masks groups of a recording's windows, and measures how pairs of them work together.
/// @param boxes  the groups, instead of the grid. Nothing: the grid.
/// @throws ConfigError  as grid_groups, balanced_patterns, and require_one_window if groups are parts
///                      of the time.
/// @throws ModelError, MemoryError
[[nodiscard]] Interactions find_interactions(Engine& engine, const RecordingWindows& recording,
                                             const std::optional<CellGroups>& boxes,
                                             const InteractionOptions& options,
                                             const InteractionProgress& progress = {});

}  // namespace relax_spectro
