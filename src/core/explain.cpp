#include "relax_spectro/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <utility>

#include "relax_spectro/occlusion.hpp"
#include "relax_spectro/recording_windows.hpp"
#include "require.hpp"
#include "window_study.hpp"

namespace relax_spectro {
namespace {

using core::require;

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

/// All that is joined along time.
struct JoinedMaps {
  MapJoiner importance;
  MapJoiner contrast;
  MapJoiner uncertainty;
  MapJoiner standard_error;

  JoinedMaps(std::size_t bands, std::size_t frames)
      : importance(bands, frames),
        contrast(importance),
        uncertainty(importance),
        standard_error(importance) {}

  void add(FrameRange range, const Saliency& saliency, double mean_score) {
    importance.add(range, saliency.importance);
    contrast.add(range, saliency.importance, -mean_score);
    uncertainty.add(range, saliency.uncertainty);
    standard_error.add(range, saliency.standard_error);
  }

  void finish(Explanation& result) && {
    result.saliency.importance = std::move(importance).finish();
    result.saliency.uncertainty = std::move(uncertainty).finish();
    result.saliency.standard_error = std::move(standard_error).finish();
    result.contrast = std::move(contrast).finish();
  }
};

/// Rows of their own lengths in one array, NaN behind the shorter ones.
Array2d<double> as_rectangle(const std::vector<std::vector<double>>& rows) {
  std::size_t longest = 0;
  for (const auto& row : rows) longest = std::max(longest, row.size());
  Array2d<double> array(rows.size(), longest, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(rows[i], array.row(i).begin());
  return array;
}

/// Says where masks ran out before the map was as good as asked for.
void warn_of_tolerance(const MaskOptions& masks, const std::vector<WindowSummary>& windows,
                       std::vector<std::string>& warnings) {
  if (!masks.is_automatic()) return;
  const auto above = std::ranges::count_if(windows, [&masks](const WindowSummary& window) {
    return window.resolved() && *window.noise_to_contrast > masks.automatic.tolerance;
  });
  if (above > 0) {
    warnings.push_back(fmt::format(
        "{} of {} windows stopped at --max-masks {} with more noise than --tolerance {}", above,
        windows.size(), masks.automatic.most_masks, masks.automatic.tolerance));
  }
}

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
                        std::vector<std::string>& warnings) {
  const std::size_t masks = windows.front().masks;
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
  masks.validate();
  require(!(masks.listed && estimator == Estimator::expected),
          "--estimator expected measures its uncertainty on fresh masks, which a --masks-file does "
          "not have; use --estimator mask-sum");
  require(estimator != Estimator::expected || uncertainty == UncertaintyScale::variance,
          "--uncertainty unnormalised does not go with --estimator expected; use mask-sum or "
          "regression");
  require(masks.family != MaskFamily::window ||
              (!estimator && uncertainty == UncertaintyScale::variance),
          "--family window has an estimator of its own, the mean drop of the score; leave out "
          "--estimator and --uncertainty");
  require(!(masks.is_automatic() && estimator == Estimator::expected),
          "--estimator expected needs a number of masks, not --masks auto");
  require(!reference || score.compares_embeddings(),
          "--reference is for scores that compare embeddings: cosine, dot, l2");
}

Explanation explain(Engine& engine, const Audio& audio, const ExplainOptions& options,
                    const ExplainProgress& progress) {
  options.validate();
  Explanation result;
  RecordingWindows recording = cut_recording(engine.card(), audio, {options.hop_s, Tail::cover});
  result.spectrogram = std::move(recording.spectrogram);
  result.warnings = std::move(recording.warnings);
  result.hop_s = recording.hop_s;
  const std::vector<FrameRange>& ranges = recording.windows;
  const Array2d<float>& values = result.spectrogram.values;
  const MaskSet set = make_masks(options.masks, {values.rows, ranges.front().count});
  result.estimator = core::resolved_estimator(options, *set.design);

  JoinedMaps joined(values.rows, values.columns);
  std::vector<std::vector<double>> scores;
  std::size_t masks_before = 0;
  for (std::size_t w = 0; w < ranges.size(); ++w) {
    OccludedWindow occluded{copy_frames(result.spectrogram, ranges[w]), {}};
    occluded.fill =
        make_fill(options.fill, occluded.window, result.spectrogram.silence, options.masks.seed);
    const auto tell = [&](std::size_t done, std::size_t forecast) {
      if (progress) progress(masks_before + done, masks_before + forecast * (ranges.size() - w));
    };
    core::WindowStudy study = core::study_window(engine, occluded, set, options, tell);
    study.summary.frames = ranges[w];
    // A mean drop is zero without effect already.
    const bool is_drop = options.masks.family == MaskFamily::window;
    joined.add(ranges[w], study.saliency, is_drop ? 0.0 : study.summary.score_mean);
    masks_before += study.scores.size();
    scores.push_back(std::move(study.scores));
    result.windows.push_back(study.summary);
  }
  result.scores = as_rectangle(scores);
  std::move(joined).finish(result);
  result.saliency.noise_to_contrast = largest_noise_to_contrast(result.windows);
  result.u_relax = u_relax(result.saliency);
  result.engine = engine.take_use();
  for (const auto& warning : result.engine.warnings) result.warnings.push_back(warning);
  warn_of_unresolved(result.spectrogram, result.windows, result.warnings);
  warn_of_tolerance(options.masks, result.windows, result.warnings);
  return result;
}

}  // namespace relax_spectro
