#include "relax_spectro/saliency/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <future>
#include <iterator>
#include <limits>
#include <utility>

#include "base/require.hpp"
#include "occlusion/occlusion.hpp"
#include "occlusion/recording_windows.hpp"
#include "relax_spectro/base/error.hpp"
#include "saliency/assemble.hpp"
#include "saliency/estimators.hpp"
#include "saliency/window_sizes.hpp"
#include "saliency/window_study.hpp"

namespace relax_spectro {
namespace {

using core::require;

/// Adds to the warnings which of several windows or scores they are about.
void add_name(const std::string& name, std::vector<std::string>& warnings) {
  for (std::string& warning : warnings) warning = fmt::format("{}: {}", name, warning);
}

/// Measures every window of a recording with one set of masks.
std::vector<core::WindowStudy> study_with(Engine& engine, const RecordingWindows& recording,
                                          core::SharedMasks& masks, const ExplainOptions& options,
                                          std::vector<ScoreSpec> scores,
                                          const ExplainProgress& progress) {
  require(
      options.window_classes.empty() || options.window_classes.size() == recording.windows.size(),
      fmt::format("classes are given for {} windows of the recording's {}",
                  options.window_classes.size(), recording.windows.size()));
  std::vector<core::WindowStudy> studies;
  std::size_t masks_before = 0;
  for (const FrameRange range : recording.windows) {
    const std::size_t windows_left = recording.windows.size() - studies.size();
    const auto tell = [&](std::size_t done, std::size_t forecast) {
      progress(masks_before + done, masks_before + forecast * windows_left);
    };
    if (!options.window_classes.empty()) {
      scores.front().class_index = options.window_classes[studies.size()];
    }
    studies.push_back(
        core::study_window(engine, recording.spectrogram, range, masks, options, scores, tell));
    masks_before += studies.back().measured.front().scores.size();
  }
  return studies;
}

/// The masks for a recording's windows.
/// @throws AudioError   the recording is shorter than the model's window, and too short for the
///                      masks.
/// @throws ConfigError  the masks do not fit a whole window either.
std::vector<MaskSet> mask_sets_of(const ModelCard& card, const MaskAxes& axes,
                                  const MaskOptions& masks) {
  const std::size_t frames = axes.bins.columns;
  const std::size_t whole = card.input.window_frames;
  try {
    return make_mask_sets(masks, axes);
  } catch (const ConfigError&) {
    if (frames >= whole) throw;
    static_cast<void>(make_mask_sets(masks, mask_axes(card.front_end, whole)));
  }
  throw AudioError(fmt::format(
      "the recording is too short for the cells of the masks: its length is {} frames ({:.3g} s), "
      "the model's window {} ({:.3g} s). Leave it out, or choose fewer cells along time",
      frames, axes.frame_s * static_cast<double>(frames), whole,
      axes.frame_s * static_cast<double>(whole)));
}

}  // namespace

std::vector<ScoreSpec> ExplainOptions::scores() const {
  std::vector<ScoreSpec> all{score};
  all.insert(all.end(), more_scores.begin(), more_scores.end());
  return all;
}

bool ExplainOptions::measures_several() const {
  return !more_scores.empty() || score.is_of_all_classes();
}

bool ExplainOptions::compares_embeddings() const {
  return std::ranges::any_of(scores(), &ScoreSpec::compares_embeddings);
}

void ExplainOptions::validate() const {
  masks.validate();
  require(!(masks.listed && estimator == Estimator::expected),
          "--estimator expected measures its uncertainty on fresh masks, which a --masks-file does "
          "not have; use --estimator mask-sum");
  require(estimator != Estimator::expected || uncertainty == UncertaintyScale::variance,
          "--uncertainty unnormalised does not go with --estimator expected; "
          "use mask-sum or regression");
  const bool is_sweep = masks.source() == MaskSource::swept;
  require(!is_sweep || ((!estimator || estimator == Estimator::mean_drop) &&
                        uncertainty == UncertaintyScale::variance),
          "--family window has an estimator of its own, mean-drop, the mean drop of the score; "
          "leave out --estimator and --uncertainty");
  require(!masks.grid.adaptive || (estimator.value_or(Estimator::cells) == Estimator::cells &&
                                   uncertainty == UncertaintyScale::variance && !repeat),
          "--grid adaptive has an estimator of its own, cells; leave out --estimator, "
          "--uncertainty and --repeat");
  require(masks.grid.adaptive || estimator != Estimator::cells,
          "--estimator cells is that of --grid adaptive");
  if (repeat) repeat->validate();
  require(!(is_sweep && repeat),
          "--repeat replicates masks that are drawn at random; --family window draws none");
  require(is_sweep || estimator != Estimator::mean_drop,
          "--estimator mean-drop is only for --family window");
  require(!(masks.is_automatic() && estimator == Estimator::expected),
          "--estimator expected needs a number of masks, not --masks auto");
  require(!measures_several() || !masks.grid.adaptive,
          "--grid adaptive puts its cells where one score has its evidence; give one --score");
  require(window_classes.empty() || (!score.compares_embeddings() && !measures_several()),
          "classes of windows are for one score that measures a class: logit, prob");
  require(!reference || compares_embeddings(),
          "--reference is for scores that compare embeddings: cosine, dot, l2");
}

void explain_scores(Engine& engine, const Audio& audio, const ExplainOptions& options,
                    const TakeExplanation& take, const ExplainProgress& progress) {
  options.validate();
  const RecordingWindows recording =
      cut_recording(engine.model(), audio, {options.hop_s, Tail::cover});
  const MaskAxes axes = mask_axes(engine.card().front_end, recording.windows.front().count);
  // All sets are made before the first is used, so that errors appear at once.
  const std::vector<MaskSet> sets = mask_sets_of(engine.card(), axes, options.masks);
  if (options.estimator == Estimator::regression) {
    require_regression(sets.front().law, *sets.front().design);
  }
  const std::vector<ScoreSpec> scores = expanded_scores(options.scores(), engine.card());
  std::size_t masks_before = 0;
  std::size_t masks_later = 0;
  std::size_t least_masks = 0;
  for (const MaskSet& set : sets) {
    masks_later += set.count * recording.windows.size();
    least_masks += core::masks_to_begin_with(set, options) * recording.windows.size();
  }
  engine.begin(least_masks);
  std::vector<std::vector<core::WindowStudy>> studies;  // by set and window
  std::vector<core::SharedMasks> shared(sets.begin(), sets.end());
  for (core::SharedMasks& masks : shared) {
    masks_later -= masks.set().count * recording.windows.size();
    std::size_t done_here = 0;
    const auto tell = [&](std::size_t done, std::size_t forecast) {
      done_here = done;
      if (progress) progress(masks_before + done, masks_before + forecast + masks_later);
    };
    studies.push_back(study_with(engine, recording, masks, options, scores, tell));
    masks_before += done_here;
  }
  const EngineUse use = engine.take_use();
  const auto map_of = [&](std::size_t score) {
    std::optional<Explanation> result;
    for (std::size_t i = 0; i < sets.size(); ++i) {
      Explanation part = core::assemble(recording, shared[i], options, studies[i], score);
      if (const std::optional<SweptWindow>& window = sets[i].window) {
        part.sizes = {core::summarise_size(part, sets[i], axes)};
        if (sets.size() > 1) add_name("--window " + to_string(window->size), part.warnings);
      }
      result = result ? core::join_sizes(std::move(*result), std::move(part)) : std::move(part);
    }
    if (scores.size() > 1) add_name("score " + to_string(scores[score]), result->warnings);
    result->method.engine = use;
    core::warn_of_silence(options, *result);
    core::put_first(recording.warnings, use.warnings, result->warnings);
    return std::move(*result);
  };
  // Each map is made while the one before is taken.
  const auto begin = [&](std::size_t score) {
    return std::async(std::launch::async | std::launch::deferred, map_of, score);
  };
  std::future<Explanation> next = begin(0);
  for (std::size_t k = 0; k < scores.size(); ++k) {
    Explanation map = next.get();
    if (k + 1 < scores.size()) next = begin(k + 1);
    take(scores[k], std::move(map));
  }
}

Explanation explain(Engine& engine, const Audio& audio, const ExplainOptions& options,
                    const ExplainProgress& progress) {
  require(!options.measures_several(),
          "explain() makes the map of one score; for several, use explain_scores()");
  Explanation result;
  const auto take = [&result](const ScoreSpec&, Explanation explanation) {
    result = std::move(explanation);
  };
  explain_scores(engine, audio, options, take, progress);
  return result;
}

}  // namespace relax_spectro
