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
#include "window_sizes.hpp"
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

/// Why a window with so many masks can have no map.
std::string unresolved_reason(std::size_t masks, MaskFamily family) {
  if (family == MaskFamily::window) return "masking it drops the score alike everywhere";
  if (masks >= kFewestMasksForNoise) {
    return "the map does not rise above its own noise: more masks may help, unless the model does "
           "not react there";
  }
  return fmt::format("{} masks are too few to tell the map from its noise; expected {} or more",
                     masks, kFewestMasksForNoise);
}

/// One warning for each run of windows whose maps show no more than their noise.
void warn_of_unresolved(const Spectrogram& spectrogram, const std::vector<WindowSummary>& windows,
                        MaskFamily family, std::vector<std::string>& warnings) {
  const std::string reason = unresolved_reason(windows.front().masks, family);
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

/// Says which of several windows the warnings are about.
void name_window(const SweptWindow& window, std::vector<std::string>& warnings) {
  for (std::string& warning : warnings) {
    warning = fmt::format("--window {}: {}", to_string(window.size), warning);
  }
}

/// Explains every window of a recording with one set of masks.
Explanation explain_with(Engine& engine, const RecordingWindows& recording, const MaskSet& set,
                         const ExplainOptions& options, const ExplainProgress& progress) {
  Explanation result;
  result.spectrogram = recording.spectrogram;
  result.law = set.law;
  result.layout = set.layout;
  result.hop_s = recording.hop_s;
  const std::vector<FrameRange>& ranges = recording.windows;
  const Array2d<float>& values = result.spectrogram.values;
  result.estimator = core::resolved_estimator(options, *set.design);

  JoinedMaps joined(values.rows, values.columns);
  std::vector<std::vector<double>> scores;
  std::size_t masks_before = 0;
  for (std::size_t w = 0; w < ranges.size(); ++w) {
    OccludedWindow occluded{copy_frames(result.spectrogram, ranges[w]), {}};
    occluded.fill =
        make_fill(options.fill, occluded.window, result.spectrogram.silence, options.masks.seed);
    const auto tell = [&](std::size_t done, std::size_t forecast) {
      progress(masks_before + done, masks_before + forecast * (ranges.size() - w));
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
  warn_of_unresolved(result.spectrogram, result.windows, options.masks.family, result.warnings);
  warn_of_tolerance(options.masks, result.windows, result.warnings);
  return result;
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
  const bool is_sweep = masks.family == MaskFamily::window;
  require(!is_sweep || ((!estimator || estimator == Estimator::mean_drop) &&
                        uncertainty == UncertaintyScale::variance),
          "--family window has an estimator of its own, mean-drop, the mean drop of the score; "
          "leave out --estimator and --uncertainty");
  require(is_sweep || estimator != Estimator::mean_drop,
          "--estimator mean-drop is that of --family window");
  require(!(masks.is_automatic() && estimator == Estimator::expected),
          "--estimator expected needs a number of masks, not --masks auto");
  require(!reference || score.compares_embeddings(),
          "--reference is for scores that compare embeddings: cosine, dot, l2");
}

Explanation explain(Engine& engine, const Audio& audio, const ExplainOptions& options,
                    const ExplainProgress& progress) {
  options.validate();
  const RecordingWindows recording =
      cut_recording(engine.card(), audio, {options.hop_s, Tail::cover});
  const MaskAxes axes = mask_axes(engine.card().front_end, recording.windows.front().count);
  // All are made before the first is used: what does not fit is said at once.
  const std::vector<MaskSet> sets = make_mask_sets(options.masks, axes);
  std::size_t masks_before = 0;
  std::size_t masks_later = 0;
  for (const MaskSet& set : sets) masks_later += set.count * recording.windows.size();
  std::optional<Explanation> result;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    masks_later -= sets[i].count * recording.windows.size();
    const auto tell = [&](std::size_t done, std::size_t forecast) {
      if (progress) progress(masks_before + done, masks_before + forecast + masks_later);
    };
    Explanation part = explain_with(engine, recording, sets[i], options, tell);
    if (options.masks.family == MaskFamily::window) {
      const SweptWindow& window = options.masks.windows[i];
      part.sizes = {core::summarise_size(part, window, axes)};
      if (sets.size() > 1) name_window(window, part.warnings);
      masks_before += part.sizes.front().masks;
    }
    result = result ? core::join_sizes(std::move(*result), std::move(part)) : std::move(part);
  }
  result->engine = engine.take_use();
  std::vector<std::string> warnings = recording.warnings;
  std::ranges::copy(result->engine.warnings, std::back_inserter(warnings));
  std::ranges::move(result->warnings, std::back_inserter(warnings));
  result->warnings = std::move(warnings);
  return std::move(*result);
}

}  // namespace relax_spectro
