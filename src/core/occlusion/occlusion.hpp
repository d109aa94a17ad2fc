#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "masks/mask.hpp"
#include "masks/mask_design.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/occlusion/fill.hpp"
#include "relax_spectro/occlusion/score.hpp"

namespace relax_spectro {

/// One window of a spectrogram, and what replaces its masked part.
struct OccludedWindow {
  Array2d<float> window;  ///< x, [frequency, time]
  Array2d<float> fill;    ///< b, with the same shape
};

/// A window as the network gets it, and its fill.
/// @param seed  for `noise`.
[[nodiscard]] OccludedWindow occluded_window(const Spectrogram& spectrogram, FrameRange range,
                                             const Fill& fill, std::uint64_t seed);

/// Replaces a mask's weights M by the masked window, in place: M x + (1 - M) b.
/// @pre  there is a weight for each bin.
void occlude(const OccludedWindow& occluded, std::span<float> weights);

/// The scores of M x + (1 - M) b: for each score, one for each mask M in the range, in index order.
///
/// Memory grows by only one double for each mask and score.
/// @throws ConfigError  the design has fewer masks.
/// @throws ModelError, MemoryError
[[nodiscard]] std::vector<std::vector<double>> occlusion_scores(
    Engine& engine, const OccludedWindow& occluded, const MaskLaw& law, const MaskDesign& design,
    MaskRange range, std::span<const Score> scores, const EngineProgress& progress = {});

}  // namespace relax_spectro
