#include "relax_spectro/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>
#include <utility>

#include "relax_spectro/error.hpp"
#include "relax_spectro/mask_file.hpp"
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
  if (options.masks_file) {
    MaskList list = read_mask_file(*options.masks_file);
    plan.law = random_mask_law(bins, list.grid);
    plan.importance = plan.uncertainty = {0, list.masks.size()};
    plan.design = std::make_unique<ListedDesign>(std::move(list.masks));
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
    return expected_saliency(plan.law, *plan.design, part(plan.importance),
                             part(plan.uncertainty), options.keep_probability);
  }
  return mask_sum_saliency(plan.law, *plan.design, part(plan.importance), options.uncertainty);
}

WindowSummary summarise(FrameRange frames, std::span<const double> scores,
                        const Saliency& saliency) {
  const auto count = static_cast<double>(scores.size());
  WindowSummary summary{frames, std::accumulate(scores.begin(), scores.end(), 0.0) / count, 0.0,
                        saliency.noise_to_contrast};
  double squares = 0.0;
  for (const double score : scores) {
    squares += (score - summary.score_mean) * (score - summary.score_mean);
  }
  summary.score_sd = std::sqrt(squares / (count - 1.0));
  return summary;
}

/// Joins the maps of windows along time: where windows overlap, their mean.
class MapJoiner {
 public:
  MapJoiner(std::size_t bands, std::size_t frames) : cover_(frames) {
    for (Array2d<double>* map : maps(joined_)) *map = Array2d<double>(bands, frames);
  }

  void add(FrameRange range, Saliency window) {
    const auto sources = maps(window);
    const auto targets = maps(joined_);
    for (std::size_t m = 0; m < sources.size(); ++m) {
      for (std::size_t band = 0; band < sources[m]->rows; ++band) {
        const auto from = sources[m]->row(band);
        const auto to = targets[m]->row(band).subspan(range.begin, range.count);
        std::transform(from.begin(), from.end(), to.begin(), to.begin(), std::plus<>());
      }
    }
    for (std::size_t t = 0; t < range.count; ++t) cover_[range.begin + t] += 1.0;
  }

  [[nodiscard]] Saliency finish() && {
    for (Array2d<double>* map : maps(joined_)) {
      for (std::size_t band = 0; band < map->rows; ++band) {
        for (std::size_t t = 0; t < map->columns; ++t) (*map)(band, t) /= cover_[t];
      }
    }
    return std::move(joined_);
  }

 private:
  static std::array<Array2d<double>*, 3> maps(Saliency& saliency) {
    return {&saliency.importance, &saliency.uncertainty, &saliency.standard_error};
  }

  Saliency joined_;
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

void warn_of_unresolved(const Spectrogram& spectrogram, const std::vector<WindowSummary>& windows,
                        std::vector<std::string>& warnings) {
  for (const WindowSummary& window : windows) {
    if (window.noise_to_contrast && *window.noise_to_contrast <= 1.0) continue;
    warnings.push_back(fmt::format(
        "unresolved: from {:.2f} s to {:.2f} s the map does not rise above its own noise (score "
        "{:.4g}, spread {:.2g}); more masks may help, unless the model does not react there",
        spectrogram.time_s[window.frames.begin],
        spectrogram.time_s[window.frames.begin + window.frames.count - 1], window.score_mean,
        window.score_sd));
  }
}

}  // namespace

void ExplainOptions::validate() const {
  require(masks >= 2, fmt::format("--masks is {}; expected 2 or more", masks));
  require(grid.rows >= 1 && grid.columns >= 1,
          fmt::format("--grid is {}x{}; expected at least 1x1", grid.rows, grid.columns));
  require(keep_probability > 0.0 && keep_probability < 1.0,
          fmt::format("--keep is {}; expected a value between 0 and 1, both excluded",
                      keep_probability));
  require(batch_size >= 1, fmt::format("--batch-size is {}; expected 1 or more", batch_size));
  require(!(masks_file && estimator == Estimator::expected),
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
  const std::vector<FrameRange>& ranges = recording.windows;
  const std::size_t window_frames = ranges.front().count;
  const MaskPlan plan = plan_masks(options, {result.spectrogram.values.rows, window_frames});
  const std::size_t masks_a_window = plan.all().size();

  MapJoiner joiner(result.spectrogram.values.rows, result.spectrogram.values.columns);
  result.scores = Array2d<double>(ranges.size(), masks_a_window);
  for (std::size_t w = 0; w < ranges.size(); ++w) {
    OccludedWindow occluded;
    occluded.window = copy_frames(result.spectrogram, ranges[w]);
    occluded.fill = make_fill(options.fill, occluded.window, result.spectrogram.silence);
    const Score score(options.score, model.forward(occluded.window.values, 1, window_frames));
    const std::vector<double> scores = occlusion_scores(
        model, occluded, plan.law, *plan.design, plan.all(), score, options.batch_size,
        [&](std::size_t done) {
          if (progress) progress(w * masks_a_window + done, ranges.size() * masks_a_window);
        });
    std::copy(scores.begin(), scores.end(), result.scores.row(w).begin());
    Saliency saliency = estimate(plan, scores, options);
    result.windows.push_back(summarise(ranges[w], scores, saliency));
    joiner.add(ranges[w], std::move(saliency));
  }
  result.saliency = std::move(joiner).finish();
  result.saliency.noise_to_contrast = largest_noise_to_contrast(result.windows);
  result.u_relax = u_relax(result.saliency);
  warn_of_unresolved(result.spectrogram, result.windows, result.warnings);
  return result;
}

}  // namespace relax_spectro
