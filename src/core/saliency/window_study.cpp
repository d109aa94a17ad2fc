#include "saliency/window_study.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>
#include <vector>

#include "base/finite_mean.hpp"
#include "masks/adaptive_design.hpp"
#include "saliency/adaptive_cells.hpp"
#include "saliency/estimators.hpp"
#include "saliency/occlusion_map.hpp"

namespace relax_spectro::core {
namespace {

constexpr std::size_t kBlocksToBeginWith = 8;

/// The number of masks that the noise so far suggests: N (h / tolerance)^2, because noise falls
/// with the square root of N. The result is in whole blocks, and at most doubles the masks.
std::size_t next_target(const MaskSet& set, const ExplainOptions& options, std::size_t done,
                        const Saliency& saliency) {
  double forecast = 2.0 * static_cast<double>(done);  // if nothing is resolved yet
  if (saliency.noise_to_contrast) {
    const double ratio = *saliency.noise_to_contrast / options.masks.automatic.tolerance;
    forecast = std::min(forecast, static_cast<double>(done) * ratio * ratio);
  }
  const auto blocks = static_cast<std::size_t>(std::ceil(forecast / static_cast<double>(set.step)));
  return std::min(std::max(blocks * set.step, done + set.step), set.count);
}

/// Whether the score never changes beyond the rounding of the model's float outputs. Then more
/// masks would not help.
bool is_constant(std::span<const double> scores) {
  constexpr double kSteady = 1e-6;
  const auto [low, high] = std::ranges::minmax_element(scores);
  return *high - *low <= kSteady * std::max({std::abs(*low), std::abs(*high), kSteady});
}

/// Whether a map needs no more masks than these.
bool is_enough(const MaskSet& set, const ExplainOptions& options, std::span<const double> scores,
               const Saliency& saliency) {
  if (!options.masks.is_automatic() || scores.size() >= set.count || is_constant(scores)) {
    return true;
  }
  return saliency.noise_to_contrast &&
         *saliency.noise_to_contrast <= options.masks.automatic.tolerance;
}

Saliency estimate_window(SharedMasks& masks, const WindowScores& measured,
                         const ExplainOptions& options) {
  const std::span<const double> scores = measured.scores;
  const auto part = [&](std::size_t begin, std::size_t end) {
    return ScoredMasks{masks.sample({begin, end}), scores.subspan(begin, end - begin)};
  };
  switch (resolved_estimator(options, masks.set())) {
    case Estimator::regression:
      return regression_saliency(part(0, scores.size()), options.uncertainty);
    case Estimator::expected: {
      const std::size_t half = scores.size() / 2;
      return expected_saliency(part(0, half), part(half, scores.size()),
                               options.masks.keep_probability);
    }
    case Estimator::mean_drop:
      return occlusion_map(part(0, scores.size()), measured.unmasked_score);
    case Estimator::cells:  // of study_adaptive
    case Estimator::mask_sum:
      break;
  }
  return mask_sum_saliency(part(0, scores.size()), options.uncertainty);
}

/// A window to be scored: its unmasked outputs, computed once.
class Question {
 public:
  Question(Engine& engine, const OccludedWindow& occluded, const ExplainOptions& options,
           std::span<const ScoreSpec> scores)
      : engine_(&engine), occluded_(&occluded) {
    const ModelOutputs unmasked = engine.forward_alone(occluded.window);
    if (unmasked.class_scores.rows > 0) {
      study_.heard = heard_classes(unmasked.class_scores.row(0), engine.card());
    }
    for (const ScoreSpec& spec : scores) {
      const bool has_reference = options.reference && spec.compares_embeddings();
      const Score& score =
          scores_.emplace_back(spec, engine.card(), has_reference ? *options.reference : unmasked);
      study_.measured.push_back({score(unmasked)[0], score.classes(), {}});
    }
  }

  [[nodiscard]] const WindowStudy& study() const { return study_; }  ///< without scores yet

  /// Appends the scores of masks of a design, from the first that has none to `end`.
  /// @param tell  told of all masks that have a score.
  void append_scores(const MaskLaw& law, const MaskDesign& design, std::size_t end,
                     WindowStudy& study, const EngineProgress& tell) const {
    const std::size_t before = study.measured.front().scores.size();
    const std::vector<std::vector<double>> more =
        occlusion_scores(*engine_, *occluded_, law, design, {before, end}, scores_,
                         [&](std::size_t done) { tell(before + done); });
    for (std::size_t i = 0; i < more.size(); ++i) {
      std::vector<double>& scores = study.measured[i].scores;
      scores.insert(scores.end(), more[i].begin(), more[i].end());
    }
  }

 private:
  Engine* engine_;
  const OccludedWindow* occluded_;
  std::vector<Score> scores_;
  WindowStudy study_;
};

/// The bins of an axis that lie in cells of a fixed law.
BinRange bins_of(const AxisLaw& law, BinRange cells) {
  const auto taps = law.taps_at(0);
  const auto first_of = [&](std::size_t cell) {
    const auto bin = std::ranges::lower_bound(taps, cell, {}, &AxisTap::cell);
    return static_cast<std::size_t>(bin - taps.begin());
  };
  return {first_of(cells.begin), first_of(cells.end)};
}

std::vector<AdaptiveCell> cells_over_bins(const MaskLaw& law, std::span<const CellBox> cells,
                                          const CellEffects& effects) {
  std::vector<AdaptiveCell> result;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const BinRange bands = bins_of(law.frequency, cells[k].rows);
    const BinRange frames = bins_of(law.time, cells[k].columns);
    result.push_back({bands.begin, bands.size(), frames.begin, frames.size(), effects.effects[k],
                      effects.standard_error(k)});
  }
  return result;
}

/// What study_window does, with adaptive cells and one score. The first half of the masks to begin
/// with says which cells are split. All later masks have the same cells, and they alone say what
/// these do.
///
/// Note [Effects come from fresh masks]
/// Masks that chose a cell would find its effect too large. And a cell does something else while its
/// neighbours are tied to it, as they are before the split.
WindowStudy study_adaptive(const MaskSet& set, const Question& question,
                           const ExplainOptions& options, bool all_silent,
                           const StudyProgress& progress) {
  const Shape2d lattice = set.law.grid();
  AdaptiveDesign design(lattice, options.masks.effective_seed());
  std::vector<CellNode> tree;
  for (const CellBox& box : equal_cells(lattice, *set.first_cells)) tree.push_back({box, {}});
  WindowStudy study = question.study();
  const std::vector<double>& scores = study.measured.front().scores;
  WindowMap& map = study.map.emplace();
  std::size_t target = masks_to_begin_with(set, options);
  const std::size_t splitting = target / 4 * 2;  // whole pairs
  const auto evaluate = [&](std::size_t end) {
    design.add_round(cells_of(tree), end - scores.size());
    question.append_scores(set.law, design, end, study,
                           [&](std::size_t done) { progress(done, target); });
  };
  while (scores.size() < splitting) {
    evaluate(std::min(scores.size() + set.step, splitting));
    const CellEffects effects =
        fit_cells({{set.law, design, {0, scores.size()}}, scores}, cells_of(tree));
    split_cells(tree, effects);
  }
  const std::vector<CellBox> cells = cells_of(tree);
  for (;;) {
    evaluate(target);
    const MaskSample masks(set.law, design, {splitting, scores.size()});
    const ScoredMasks fresh{masks, std::span<const double>(scores).subspan(splitting)};
    const CellEffects effects = fit_cells(fresh, cells);
    map.saliency = adaptive_saliency(fresh, tree, effects, finite_mean(scores));
    map.cells = cells_over_bins(set.law, cells, effects);
    if (all_silent || is_enough(set, options, scores, map.saliency)) return study;
    target = next_target(set, options, target, map.saliency);
  }
}

}  // namespace

Estimator resolved_estimator(const ExplainOptions& options, bool independent_cells, Shape2d grid) {
  if (options.masks.source() == MaskSource::swept) return Estimator::mean_drop;
  const bool allowed = independent_cells && grid.rows * grid.columns <= kMostRegressionCells;
  return options.estimator.value_or(allowed ? Estimator::regression : Estimator::mask_sum);
}

Estimator resolved_estimator(const ExplainOptions& options, const MaskSet& set) {
  if (set.first_cells) return Estimator::cells;
  return resolved_estimator(options, set.design->independent_cells(), set.law.grid());
}

std::size_t masks_to_evaluate(const MaskSet& set, const ExplainOptions& options) {
  return options.estimator == Estimator::expected ? 2 * set.count : set.count;
}

std::size_t masks_to_begin_with(const MaskSet& set, const ExplainOptions& options) {
  const std::size_t all = masks_to_evaluate(set, options);
  return options.masks.is_automatic() ? std::min(kBlocksToBeginWith * set.step, all) : all;
}

WindowStudy study_window(Engine& engine, const Spectrogram& spectrogram, FrameRange range,
                         SharedMasks& masks, const ExplainOptions& options,
                         std::span<const ScoreSpec> scores, const StudyProgress& progress) {
  const MaskSet& set = masks.set();
  const OccludedWindow occluded =
      occluded_window(spectrogram, range, options.fill, options.masks.effective_seed());
  const bool all_silent = silent_frames(spectrogram, range) == range.count;
  const Question question(engine, occluded, options, scores);
  if (set.first_cells) return study_adaptive(set, question, options, all_silent, progress);
  WindowStudy study = question.study();
  std::size_t target = masks_to_begin_with(set, options);
  for (;;) {
    question.append_scores(set.law, *set.design, target, study,
                           [&](std::size_t done) { progress(done, target); });
    if (all_silent || !options.masks.is_automatic()) return study;
    std::size_t next = 0;
    for (const WindowScores& measured : study.measured) {
      Saliency saliency = estimate_window(masks, measured, options);
      if (!is_enough(set, options, measured.scores, saliency)) {
        next = std::max(next, next_target(set, options, target, saliency));
      } else if (study.measured.size() == 1) {
        study.map = WindowMap{std::move(saliency), {}, {}};
      }
    }
    if (next == 0) return study;
    target = next;
  }
}

WindowMap window_map(SharedMasks& masks, const WindowStudy& study, std::size_t score,
                     const ExplainOptions& options) {
  const WindowScores& measured = study.measured[score];
  WindowMap map =
      study.map ? *study.map : WindowMap{estimate_window(masks, measured, options), {}, {}};
  if (options.repeat) {
    const std::vector<double>& scores = measured.scores;
    map.repeat = repeat_maps({masks.sample({0, scores.size()}), scores}, *options.repeat);
  }
  return map;
}

}  // namespace relax_spectro::core
