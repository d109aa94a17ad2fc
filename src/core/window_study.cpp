#include "window_study.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "relax_spectro/mask_plan.hpp"
#include "relax_spectro/occlusion_map.hpp"

namespace relax_spectro::core {
namespace {

constexpr std::size_t kBlocksToBeginWith = 8;

Saliency estimate(const MaskSet& set, std::span<const double> scores, double unmasked_score,
                  const ExplainOptions& options) {
  const auto part = [&scores](std::size_t begin, std::size_t end) {
    return ScoredMasks{{begin, end}, scores.subspan(begin, end - begin)};
  };
  const ScoredMasks all = part(0, scores.size());
  switch (resolved_estimator(options, *set.design)) {
    case Estimator::regression:
      return regression_saliency(set.law, *set.design, all, options.uncertainty);
    case Estimator::expected: {
      const std::size_t half = scores.size() / 2;
      return expected_saliency(set.law, *set.design, part(0, half), part(half, scores.size()),
                               options.masks.keep_probability);
    }
    case Estimator::mean_drop:
      return occlusion_map(set.law, *set.design, all, unmasked_score);
    case Estimator::mask_sum:
      break;
  }
  return mask_sum_saliency(set.law, *set.design, all, options.uncertainty);
}

std::size_t first_target(const MaskSet& set, const ExplainOptions& options) {
  if (!options.masks.is_automatic()) {
    return options.estimator == Estimator::expected ? 2 * set.count : set.count;
  }
  return std::min(kBlocksToBeginWith * set.step, set.count);
}

/// How many masks the noise so far says that it takes, in whole blocks, at most twice as many.
std::size_t next_target(const MaskSet& set, const ExplainOptions& options, std::size_t done,
                        const Saliency& saliency) {
  std::size_t forecast = 2 * done;  // where nothing is resolved yet
  if (saliency.noise_to_contrast) {
    forecast = std::min(forecast, forecast_masks(done, *saliency.noise_to_contrast,
                                                 options.masks.automatic.tolerance));
  }
  const std::size_t blocks = (forecast + set.step - 1) / set.step;
  return std::min(std::max(blocks * set.step, done + set.step), set.count);
}

/// Whether the model does not react at all, beyond the rounding of its float outputs: more masks
/// would show nothing more, as in windows of digital silence.
bool is_constant(std::span<const double> scores) {
  constexpr double kRounding = 1e-6;
  const auto [low, high] = std::ranges::minmax_element(scores);
  return *high - *low <= kRounding * std::max({std::abs(*low), std::abs(*high), kRounding});
}

bool is_enough(const MaskSet& set, const ExplainOptions& options, std::span<const double> scores,
               const Saliency& saliency) {
  if (!options.masks.is_automatic() || scores.size() >= set.count || is_constant(scores)) {
    return true;
  }
  return saliency.noise_to_contrast &&
         *saliency.noise_to_contrast <= options.masks.automatic.tolerance;
}

WindowSummary summarise(std::span<const double> scores, double unmasked_score,
                        const Saliency& saliency) {
  const auto count = static_cast<double>(scores.size());
  WindowSummary summary;
  summary.masks = scores.size();
  summary.unmasked_score = unmasked_score;
  summary.score_mean = std::accumulate(scores.begin(), scores.end(), 0.0) / count;
  summary.noise_to_contrast = saliency.noise_to_contrast;
  summary.blocks = saliency.blocks;
  double squares = 0.0;
  for (const double score : scores) {
    squares += (score - summary.score_mean) * (score - summary.score_mean);
  }
  summary.score_sd = std::sqrt(squares / std::max(1.0, count - 1.0));
  return summary;
}

}  // namespace

Estimator resolved_estimator(const ExplainOptions& options, const MaskDesign& design) {
  if (options.masks.family == MaskFamily::window) return Estimator::mean_drop;
  return options.estimator.value_or(design.independent_cells() ? Estimator::regression
                                                               : Estimator::mask_sum);
}

WindowStudy study_window(Engine& engine, const OccludedWindow& occluded, const MaskSet& set,
                         const ExplainOptions& options, const StudyProgress& progress) {
  const ModelOutputs unmasked = engine.forward_alone(occluded.window);
  const Score score(options.score, engine.card(), options.reference.value_or(unmasked));
  const double unmasked_score = score(unmasked)[0];
  WindowStudy study;
  for (std::size_t target = first_target(set, options);;) {
    const std::size_t before = study.scores.size();
    const std::vector<double> more =
        occlusion_scores(engine, occluded, set.law, *set.design, {before, target}, score,
                         [&](std::size_t done) { progress(before + done, target); });
    study.scores.insert(study.scores.end(), more.begin(), more.end());
    study.saliency = estimate(set, study.scores, unmasked_score, options);
    if (is_enough(set, options, study.scores, study.saliency)) break;
    target = next_target(set, options, target, study.saliency);
  }
  study.summary = summarise(study.scores, unmasked_score, study.saliency);
  study.summary.class_index = score.class_index();
  return study;
}

}  // namespace relax_spectro::core
