#include "relax_spectro/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include "relax_spectro/error.hpp"
#include "relax_spectro/occlusion.hpp"
#include "relax_spectro/occlusion_map.hpp"
#include "relax_spectro/recording_windows.hpp"

namespace relax_spectro {
namespace {

void require(bool valid, const std::string& message) {
  if (!valid) throw ConfigError(message);
}

/// The masks that every window of a recording is explained with.
struct MaskPlan {
  MaskSet set;
  MaskRange importance;
  MaskRange uncertainty;  ///< the same masks, or fresh ones for the expected estimator

  [[nodiscard]] MaskRange all() const { return {0, std::max(importance.end, uncertainty.end)}; }
};

MaskPlan plan_masks(const ExplainOptions& options, Shape2d bins) {
  MaskPlan plan{make_masks(options.masks, bins), {}, {}};
  const std::size_t count = plan.set.count;
  plan.importance = plan.uncertainty = {0, count};
  if (options.estimator == Estimator::expected) plan.uncertainty = {count, 2 * count};
  return plan;
}

Saliency estimate(const MaskPlan& plan, std::span<const double> scores, double unmasked_score,
                  const ExplainOptions& options) {
  const MaskSet& set = plan.set;
  const auto part = [&](MaskRange range) {
    return ScoredMasks{range, scores.subspan(range.begin, range.size())};
  };
  if (options.masks.family == MaskFamily::window) {
    return occlusion_map(set.law, *set.design, part(plan.importance), unmasked_score);
  }
  if (options.estimator == Estimator::expected) {
    return expected_saliency(set.law, *set.design, part(plan.importance), part(plan.uncertainty),
                             options.masks.keep_probability);
  }
  return mask_sum_saliency(set.law, *set.design, part(plan.importance), options.uncertainty);
}

WindowSummary summarise(FrameRange frames, double unmasked_score, std::span<const double> scores,
                        const Saliency& saliency) {
  const auto count = static_cast<double>(scores.size());
  WindowSummary summary;
  summary.frames = frames;
  summary.unmasked_score = unmasked_score;
  summary.score_mean = std::accumulate(scores.begin(), scores.end(), 0.0) / count;
  summary.noise_to_contrast = saliency.noise_to_contrast;
  double squares = 0.0;
  for (const double score : scores) {
    squares += (score - summary.score_mean) * (score - summary.score_mean);
  }
  summary.score_sd = std::sqrt(squares / std::max(1.0, count - 1.0));
  return summary;
}

/// Joins a map of each window along time: where windows overlap, their mean.
class MapJoiner {
 public:
  MapJoiner(std::size_t bands, std::size_t frames) : joined_(bands, frames), cover_(frames) {}

  /// @param offset  added to each value of the window's map.
  void add(FrameRange range, const Array2d<double>& map, double offset = 0.0) {
    for (std::size_t band = 0; band < map.rows; ++band) {
      for (std::size_t t = 0; t < map.columns; ++t) {
        joined_(band, range.begin + t) += map(band, t) + offset;
      }
    }
    for (std::size_t t = 0; t < range.count; ++t) cover_[range.begin + t] += 1.0;
  }

  [[nodiscard]] Array2d<double> finish() && {
    for (std::size_t band = 0; band < joined_.rows; ++band) {
      for (std::size_t t = 0; t < joined_.columns; ++t) joined_(band, t) /= cover_[t];
    }
    return std::move(joined_);
  }

 private:
  Array2d<double> joined_;
  std::vector<double> cover_;  // how many windows hold each frame
};

/// The largest window's ratio; nothing where one window has none.
std::optional<double> largest_noise_to_contrast(const std::vector<WindowSummary>& windows) {
  double largest = 0.0;
  for (const WindowSummary& window : windows) {
    if (!window.noise_to_contrast) return std::nullopt;
    largest = std::max(largest, *window.noise_to_contrast);
  }
  return largest;
}

/// One warning for each run of windows whose maps show no more than their noise.
void warn_of_unresolved(const Spectrogram& spectrogram, const std::vector<WindowSummary>& windows,
                        std::size_t masks, std::vector<std::string>& warnings) {
  const std::string reason =
      masks < kFewestMasksForNoise
          ? fmt::format("{} masks are too few to tell the map from its noise; expected {} or more",
                        masks, kFewestMasksForNoise)
          : "the map does not rise above its own noise: more masks may help, unless the model does "
            "not react there";
  for (auto begin = windows.begin(); begin != windows.end();) {
    const auto resolved = [](const WindowSummary& window) { return window.resolved(); };
    begin = std::find_if_not(begin, windows.end(), resolved);
    if (begin == windows.end()) break;
    const auto end = std::find_if(begin, windows.end(), resolved);
    const FrameRange last = std::prev(end)->frames;
    warnings.push_back(fmt::format("unresolved from {:.2f} s to {:.2f} s ({} of {} windows): {}",
                                   spectrogram.time_s[begin->frames.begin],
                                   spectrogram.time_s[last.begin + last.count - 1], end - begin,
                                   windows.size(), reason));
    begin = end;
  }
}

}  // namespace

void ExplainOptions::validate() const {
  constexpr std::size_t kMostBatch = 65536;
  masks.validate();
  require(batch_size >= 1 && batch_size <= kMostBatch,
          fmt::format("--batch-size is {}; expected 1 to {}", batch_size, kMostBatch));
  require(!(masks.listed && estimator == Estimator::expected),
          "--estimator expected measures its uncertainty on fresh masks, which a --masks-file does "
          "not have; use --estimator mask-sum");
  require(estimator == Estimator::mask_sum || uncertainty == UncertaintyScale::variance,
          "--uncertainty unnormalised belongs to --estimator mask-sum");
  require(masks.family != MaskFamily::window ||
              (estimator == Estimator::mask_sum && uncertainty == UncertaintyScale::variance),
          "--family window has an estimator of its own, the mean drop of the score; leave out "
          "--estimator and --uncertainty");
  require(!reference || score.compares_embeddings(),
          "--reference is for scores that compare embeddings: cosine, dot, l2");
}

Explanation explain(Model& model, const Audio& audio, const ExplainOptions& options,
                    const ExplainProgress& progress) {
  options.validate();
  Explanation result;
  RecordingWindows recording = cut_recording(model.card(), audio, {options.hop_s, Tail::cover});
  result.spectrogram = std::move(recording.spectrogram);
  result.warnings = std::move(recording.warnings);
  result.hop_s = recording.hop_s;
  const std::vector<FrameRange>& ranges = recording.windows;
  const std::size_t window_frames = ranges.front().count;
  const MaskPlan plan = plan_masks(options, {result.spectrogram.values.rows, window_frames});
  const std::size_t masks_a_window = plan.all().size();

  const MapJoiner empty(result.spectrogram.values.rows, result.spectrogram.values.columns);
  MapJoiner importance = empty;
  MapJoiner contrast = empty;
  MapJoiner uncertainty = empty;
  MapJoiner standard_error = empty;
  result.masks = plan.set.count;
  result.scores = Array2d<double>(ranges.size(), masks_a_window);
  for (std::size_t w = 0; w < ranges.size(); ++w) {
    OccludedWindow occluded;
    occluded.window = copy_frames(result.spectrogram, ranges[w]);
    occluded.fill =
        make_fill(options.fill, occluded.window, result.spectrogram.silence, options.masks.seed);
    const ModelOutputs unmasked = model.forward(occluded.window.values, 1, window_frames);
    const Score score(options.score, model.card(), options.reference.value_or(unmasked));
    const double unmasked_score = score(unmasked)[0];
    const std::vector<double> scores =
        occlusion_scores(model, occluded, plan.set.law, *plan.set.design, plan.all(), score,
                         options.batch_size, [&](std::size_t done) {
                           if (progress)
                             progress(w * masks_a_window + done, ranges.size() * masks_a_window);
                         });
    std::copy(scores.begin(), scores.end(), result.scores.row(w).begin());
    const Saliency saliency = estimate(plan, scores, unmasked_score, options);
    WindowSummary summary = summarise(ranges[w], unmasked_score, scores, saliency);
    summary.class_index = score.class_index();
    importance.add(ranges[w], saliency.importance);
    // A mean drop is zero without effect already.
    const bool is_drop = options.masks.family == MaskFamily::window;
    contrast.add(ranges[w], saliency.importance, is_drop ? 0.0 : -summary.score_mean);
    uncertainty.add(ranges[w], saliency.uncertainty);
    standard_error.add(ranges[w], saliency.standard_error);
    result.windows.push_back(summary);
  }
  result.saliency.importance = std::move(importance).finish();
  result.saliency.uncertainty = std::move(uncertainty).finish();
  result.saliency.standard_error = std::move(standard_error).finish();
  result.contrast = std::move(contrast).finish();
  result.saliency.noise_to_contrast = largest_noise_to_contrast(result.windows);
  result.u_relax = u_relax(result.saliency);
  warn_of_unresolved(result.spectrogram, result.windows, plan.importance.size(), result.warnings);
  return result;
}

}  // namespace relax_spectro
