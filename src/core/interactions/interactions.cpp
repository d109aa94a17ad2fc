#include "interactions/interactions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/enum_names.hpp"
#include "base/require.hpp"
#include "occlusion/occlusion.hpp"
#include "results/verdict.hpp"
#include "saliency/assemble.hpp"

namespace relax_spectro {
namespace {

constexpr core::EnumNames kContexts{
    "context", std::array{std::pair{PairContext::average, std::string_view("average")},
                          std::pair{PairContext::whole, std::string_view("whole")}}};

/// The scores of copies of a window, each with the groups of one pattern kept.
std::vector<double> pattern_scores(Engine& engine, const OccludedWindow& occluded,
                                   const std::vector<std::uint32_t>& group_of_bin,
                                   const Array2d<std::uint8_t>& kept, const Score& score,
                                   const EngineProgress& progress) {
  std::vector<double> scores(kept.rows);
  const auto write = [&](std::size_t pattern, std::span<float> copy) {
    const auto bits = kept.row(pattern);
    for (std::size_t bin = 0; bin < copy.size(); ++bin) {
      const bool is_kept = bits[group_of_bin[bin]] != 0;
      copy[bin] = is_kept ? occluded.window.values[bin] : occluded.fill.values[bin];
    }
  };
  const auto take = [&](std::size_t begin, const ModelOutputs& outputs) {
    std::ranges::copy(score(outputs), scores.begin() + static_cast<std::ptrdiff_t>(begin));
  };
  engine.run({kept.rows, occluded.window.columns, write}, take, progress);
  return scores;
}

/// The share of the windows' frames that are digital silence.
double silent_share(const RecordingWindows& recording) {
  std::size_t frames = 0;
  std::size_t silent = 0;
  for (const FrameRange window : recording.windows) {
    frames += window.count;
    silent += silent_frames(recording.spectrogram, window);
  }
  return static_cast<double>(silent) / static_cast<double>(frames);
}

}  // namespace

PairContext parse_pair_context(std::string_view name) { return kContexts.parse(name); }
std::string_view to_string(PairContext context) { return kContexts.name_of(context); }

void require_one_window(const RecordingWindows& recording) {
  core::require(
      recording.windows.size() == 1,
      fmt::format(
          "the recording has {} windows, and parts of the time belong to one: choose a "
          "window by --begin and --end, or parts that differ only in frequency (--grid 12x1)",
          recording.windows.size()));
}

Interactions find_interactions(Engine& engine, const RecordingWindows& recording,
                               const std::optional<CellGroups>& boxes,
                               const InteractionOptions& options,
                               const InteractionProgress& progress) {
  const std::vector<FrameRange>& windows = recording.windows;
  const Spectrogram& spectrogram = recording.spectrogram;
  const CellGroups cells =
      boxes ? *boxes : grid_groups(options.grid, engine.card(), spectrogram, windows.front());
  if (boxes || options.grid.time != AxisSize(1)) require_one_window(recording);
  const std::size_t groups = cells.groups.size();
  Interactions found;
  found.groups = cells.groups;
  found.warnings = recording.warnings;
  found.patterns = options.context == PairContext::whole
                       ? patterns_near_whole(groups)
                       : balanced_patterns(groups, options.count, options.seed);
  const std::size_t masks = found.patterns.kept.rows;
  std::vector<PairEffects> effects;
  engine.begin(masks * windows.size());
  for (std::size_t w = 0; w < windows.size(); ++w) {
    const OccludedWindow occluded =
        occluded_window(spectrogram, windows[w], options.fill, options.seed);
    const ModelOutputs whole = engine.forward_alone(occluded.window);
    if (w == 0 && whole.class_scores.columns > 0) {
      found.heard = heard_classes(whole.class_scores.row(0), engine.card());
    }
    const Score score(options.score, engine.card(), whole);
    found.unmasked_scores.push_back(score(whole)[0]);
    const std::vector<double> scores = pattern_scores(
        engine, occluded, cells.group_of_bin, found.patterns.kept, score, [&](std::size_t done) {
          if (progress) progress(w * masks + done, windows.size() * masks);
        });
    effects.push_back(options.context == PairContext::whole
                          ? effects_near_whole(groups, scores)
                          : average_effects(found.patterns, scores));
    append_row(found.scores, scores);
  }
  found.effects = mean_effects(effects);
  found.silent_share = silent_share(recording);
  if (found.silent_share >= core::kMuchSilence && !keeps_silence(options.fill)) {
    found.warnings.push_back(
        fmt::format("digital silence fills {:.0f} % of the frames. Masks put --fill {} there, "
                    "which is not silence: pairs may be those of the fill. Try --fill silence",
                    100.0 * found.silent_share, to_string(options.fill)));
  }
  found.engine = engine.take_use();
  return found;
}

}  // namespace relax_spectro
