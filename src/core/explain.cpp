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
#include "relax_spectro/recording_windows.hpp"

namespace relax_spectro {
namespace {

void require(bool valid, const std::string& message) {
  if (!valid) throw ConfigError(message);
}

/// The masks that every window of a recording is explained with.
struct MaskPlan {
  MaskLaw law;
  std::unique_ptr<MaskDesign> design;
  MaskRange importance;
  MaskRange uncertainty;  ///< the same masks, or fresh ones for the expected estimator

  [[nodiscard]] MaskRange all() const {
    return {importance.begin, std::max(importance.end, uncertainty.end)};
  }
};

MaskPlan plan_masks(const ExplainOptions& options, Shape2d bins) {
  MaskPlan plan;
  if (options.listed_masks) {
    plan.law = random_mask_law(bins, options.listed_masks->grid);
    plan.importance = plan.uncertainty = {0, options.listed_masks->masks.size()};
    plan.design = std::make_unique<ListedDesign>(options.listed_masks->masks);
    return plan;
  }
  plan.law = random_mask_law(bins, options.grid);
  plan.design =
      std::make_unique<IndependentDesign>(plan.law, options.seed, options.keep_probability);
  plan.importance = plan.uncertainty = {0, options.masks};
  if (options.estimator == Estimator::expected) {
    plan.uncertainty = {options.masks, 2 * options.masks};
  }
  return plan;
}

Saliency estimate(const MaskPlan& plan, std::span<const double> scores,
                  const ExplainOptions& options) {
  const auto part = [&](MaskRange range) {
    return ScoredMasks{range, scores.subspan(range.begin, range.size())};
  };
  if (options.estimator == Estimator::expected) {
    return expected_saliency(plan.law, *plan.design, part(plan.importance), part(plan.uncertainty),
                             options.keep_probability);
  }
  return mask_sum_saliency(plan.law, *plan.design, part(plan.importance), options.uncertainty);
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
  summary.score_sd = std::sqrt(squares / (count - 1.0));
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
  constexpr std::size_t kMostMasks = 100'000'000;
  constexpr std::size_t kMostBatch = 65536;
  require(masks >= 2 && masks <= kMostMasks,
          fmt::format("--masks is {}; expected 2 to {}", masks, kMostMasks));
  require(grid.rows >= 1 && grid.columns >= 1,
          fmt::format("--grid is {}x{}; expected at least 1x1", grid.rows, grid.columns));
  require(keep_probability > 0.0 && keep_probability < 1.0,
          fmt::format("--keep is {}; expected a value between 0 and 1, both excluded",
                      keep_probability));
  require(batch_size >= 1 && batch_size <= kMostBatch,
          fmt::format("--batch-size is {}; expected 1 to {}", batch_size, kMostBatch));
  require(!(listed_masks && estimator == Estimator::expected),
          "--estimator expected measures its uncertainty on fresh masks, which a --masks-file does "
          "not have; use --estimator mask-sum");
  require(estimator == Estimator::mask_sum || uncertainty == UncertaintyScale::variance,
          "--uncertainty unnormalised belongs to --estimator mask-sum");
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
  result.scores = Array2d<double>(ranges.size(), masks_a_window);
  for (std::size_t w = 0; w < ranges.size(); ++w) {
    OccludedWindow occluded;
    occluded.window = copy_frames(result.spectrogram, ranges[w]);
    occluded.fill = make_fill(options.fill, occluded.window, result.spectrogram.silence);
    const ModelOutputs unmasked = model.forward(occluded.window.values, 1, window_frames);
    const Score score(options.score, unmasked);
    const std::vector<double> scores =
        occlusion_scores(model, occluded, plan.law, *plan.design, plan.all(), score,
                         options.batch_size, [&](std::size_t done) {
                           if (progress)
                             progress(w * masks_a_window + done, ranges.size() * masks_a_window);
                         });
    std::copy(scores.begin(), scores.end(), result.scores.row(w).begin());
    const Saliency saliency = estimate(plan, scores, options);
    const WindowSummary summary = summarise(ranges[w], score(unmasked)[0], scores, saliency);
    importance.add(ranges[w], saliency.importance);
    contrast.add(ranges[w], saliency.importance, -summary.score_mean);
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
