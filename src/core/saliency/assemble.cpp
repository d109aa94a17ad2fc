#include "saliency/assemble.hpp"
#include "saliency/estimators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

namespace relax_spectro::core {
namespace {

/// Joins the windows' maps along time, with the mean where windows overlap.
class MapJoiner {
 public:
  MapJoiner(std::size_t bands, std::size_t frames) : joined_(bands, frames), cover_(frames) {}

  /// @param offset  added to the window's map.
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
  std::vector<double> cover_;  // number of windows that cover each frame
};

/// All arrays that are joined along time.
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

/// A row for each window, with NaN after its last mask.
Array2d<double> scores_of(std::span<const WindowStudy> studies, std::size_t score) {
  std::size_t most = 0;
  for (const WindowStudy& study : studies) {
    most = std::max(most, study.measured[score].scores.size());
  }
  Array2d<double> array(studies.size(), most, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < studies.size(); ++i) {
    std::ranges::copy(studies[i].measured[score].scores, array.row(i).begin());
  }
  return array;
}

/// Warns of windows that reached the maximum number of masks above the tolerance.
void warn_of_tolerance(const MaskOptions& masks, const std::vector<WindowSummary>& windows,
                       std::vector<std::string>& warnings) {
  if (!masks.is_automatic()) return;
  const auto above = std::ranges::count_if(windows, [&masks](const WindowSummary& window) {
    return window.resolved() && !window.all_silent() &&
           *window.noise_to_contrast > masks.automatic.tolerance;
  });
  if (above > 0) {
    warnings.push_back(fmt::format(
        "{} of {} windows stopped at --max-masks {} with more noise than --tolerance {}", above,
        windows.size(), masks.automatic.most_masks, masks.automatic.tolerance));
  }
}

/// The largest ratio of any window; nothing if a window has none.
std::optional<double> largest_noise_to_contrast(const std::vector<WindowSummary>& windows) {
  double largest = 0.0;
  for (const WindowSummary& window : windows) {
    if (!window.noise_to_contrast) return std::nullopt;
    largest = std::max(largest, *window.noise_to_contrast);
  }
  return largest;
}

/// Why a window with this many masks has no usable map.
std::string unresolved_reason(std::size_t masks, bool is_drop) {
  if (is_drop) return "masking it drops the score equally everywhere";
  if (masks >= kFewestMasksForNoise) {
    return "the map does not rise above its own noise: more masks may help, unless the model does "
           "not react there";
  }
  return fmt::format("{} masks are too few to tell the map from its noise; expected {} or more",
                     masks, kFewestMasksForNoise);
}

using Windows = std::vector<WindowSummary>;

/// Calls `tell` for each run of windows with a property, with a description of where it is.
void for_each_run(const Spectrogram& spectrogram, const Windows& windows,
                  const std::function<bool(const WindowSummary&)>& holds,
                  const std::function<void(std::span<const WindowSummary>, std::string)>& tell) {
  for (auto begin = windows.begin(); begin != windows.end();) {
    begin = std::find_if(begin, windows.end(), holds);
    if (begin == windows.end()) break;
    const auto end = std::find_if_not(begin, windows.end(), holds);
    const FrameRange last = std::prev(end)->frames;
    tell({begin, end},
         fmt::format("from {:.2f} s to {:.2f} s ({} of {} windows)",
                     spectrogram.time_s[begin->frames.begin],
                     spectrogram.time_s[last.begin + last.count - 1], end - begin, windows.size()));
    begin = end;
  }
}

/// One warning for each run of windows whose maps are only noise.
void warn_of_unresolved(const Spectrogram& spectrogram, const Windows& windows, bool is_drop,
                        std::vector<std::string>& warnings) {
  const std::string reason = unresolved_reason(windows.front().masks, is_drop);
  for_each_run(
      spectrogram, windows, [](const WindowSummary& window) { return !window.resolved(); },
      [&](auto, const std::string& place) {
        warnings.push_back(fmt::format("unresolved {}: {}", place, reason));
      });
}

/// Whether --fill replaces silence by something else in a window.
bool fills_silence(const Spectrogram& spectrogram, FrameRange frames,
                   const ExplainOptions& options) {
  const NetworkWindow window = network_window(spectrogram, frames);
  const Array2d<float> fill =
      make_fill(options.fill, window.values, window.silence, options.masks.effective_seed());
  for (std::size_t t = 0; t < frames.count; ++t) {
    if (silent_frames(spectrogram, {frames.begin + t, 1}) == 0) continue;
    for (std::size_t band = 0; band < fill.rows; ++band) {
      if (!is_silent(fill(band, t), window.silence)) return true;
    }
  }
  return false;
}

/// Warns if the default estimator was not applicable.
void warn_of_estimator(const MaskSet& set, const ExplainOptions& options,
                       std::vector<std::string>& warnings) {
  const Shape2d grid = set.law.grid();
  const bool is_too_fine = grid.rows * grid.columns > kMostRegressionCells;
  if (options.estimator || !is_too_fine || !set.design->independent_cells()) return;
  warnings.push_back(
      fmt::format("the grid has {}x{} = {} cells, and regression takes at most {}: "
                  "the map is made with mask-sum, which needs more masks for the same accuracy",
                  grid.rows, grid.columns, grid.rows * grid.columns, kMostRegressionCells));
}

WindowSummary summarise(const WindowScores& measured, const WindowMap& map,
                        const Spectrogram& spectrogram, FrameRange frames) {
  const std::vector<double>& scores = measured.scores;
  const auto count = static_cast<double>(scores.size());
  WindowSummary summary;
  summary.frames = frames;
  summary.first_frame_s = spectrogram.time_s[frames.begin];
  summary.last_frame_s = spectrogram.time_s[frames.begin + frames.count - 1];
  summary.masks = scores.size();
  summary.unmasked_score = measured.unmasked_score;
  if (measured.classes) {
    summary.class_index = measured.classes->index;
    summary.minus_class = measured.classes->minus;
  }
  summary.cells = map.cells;
  for (AdaptiveCell& cell : summary.cells) cell.first_frame += frames.begin;
  summary.score_mean = std::accumulate(scores.begin(), scores.end(), 0.0) / count;
  summary.noise_to_contrast = map.saliency.noise_to_contrast;
  summary.blocks = map.saliency.blocks;
  summary.silent_frames = silent_frames(spectrogram, frames);
  double squares = 0.0;
  for (const double score : scores) {
    squares += (score - summary.score_mean) * (score - summary.score_mean);
  }
  summary.score_sd = std::sqrt(squares / std::max(1.0, count - 1.0));
  return summary;
}

}  // namespace

Explanation assemble(const RecordingWindows& recording, SharedMasks& masks,
                     const ExplainOptions& options, std::span<const WindowStudy> studies,
                     std::size_t score) {
  const MaskSet& set = masks.set();
  Explanation result;
  result.spectrogram = recording.spectrogram;
  result.method.grid = set.law.grid();
  result.method.layout = set.layout;
  result.method.design = set.design_name;
  result.method.effective_seed = options.masks.effective_seed();
  result.method.estimator = resolved_estimator(options, set);
  result.method.hop_s = recording.hop_s;
  // A mean drop is already zero for bins without effect.
  const bool is_drop = result.method.estimator == Estimator::mean_drop;
  const Array2d<float>& values = result.spectrogram.values;
  JoinedMaps joined(values.rows, values.columns);
  MapJoiner repeat_probability(values.rows, values.columns);
  MapJoiner repeat_uncertainty(repeat_probability);
  for (std::size_t w = 0; w < studies.size(); ++w) {
    const WindowMap map = window_map(masks, studies[w], score, options);
    WindowSummary summary =
        summarise(studies[w].measured[score], map, recording.spectrogram, recording.windows[w]);
    summary.heard = studies[w].heard;
    joined.add(summary.frames, map.saliency, is_drop ? 0.0 : summary.score_mean);
    if (map.repeat) {
      repeat_probability.add(summary.frames, map.repeat->probability);
      repeat_uncertainty.add(summary.frames, map.repeat->uncertainty);
    }
    result.windows.push_back(summary);
  }
  result.scores = scores_of(studies, score);
  std::move(joined).finish(result);
  result.saliency.noise_to_contrast = largest_noise_to_contrast(result.windows);
  result.u_relax = u_relax(result.saliency);
  if (options.repeat) {
    result.repeat =
        RepeatMaps{std::move(repeat_probability).finish(), std::move(repeat_uncertainty).finish()};
  }
  warn_of_estimator(set, options, result.warnings);
  warn_of_unresolved(result.spectrogram, result.windows, is_drop, result.warnings);
  warn_of_tolerance(options.masks, result.windows, result.warnings);
  return result;
}

void warn_of_silence(const ExplainOptions& options, Explanation& result) {
  const Windows& windows = result.windows;
  if (std::ranges::all_of(windows, &WindowSummary::all_silent))
    return;  // reported for the whole
             // recording
  const std::string fill = to_string(options.fill);
  for_each_run(
      result.spectrogram, windows, &WindowSummary::all_silent, [&](auto, const std::string& place) {
        result.warnings.push_back(fmt::format(
            "digital silence {}: the map there shows only what --fill {} does{}", place, fill,
            options.masks.is_automatic()
                ? ". With --masks auto, such windows get only the first masks"
                : ""));
      });
  const auto is_partly_silent = [&](const WindowSummary& window) {
    const auto frames = static_cast<double>(window.frames.count);
    return !window.all_silent() &&
           static_cast<double>(window.silent_frames) >= kMuchSilence * frames &&
           fills_silence(result.spectrogram, window.frames, options);
  };
  for_each_run(
      result.spectrogram, windows, is_partly_silent,
      [&](std::span<const WindowSummary> run, const std::string& place) {
        std::size_t frames = 0;
        std::size_t silent = 0;
        for (const WindowSummary& window : run) {
          frames += window.frames.count;
          silent += window.silent_frames;
        }
        result.warnings.push_back(fmt::format(
            "digital silence fills {:.0f} % of the frames {}. Masks put --fill {} there, which is "
            "not silence: the largest drop of the score may lie in the silence. Try --fill silence",
            100.0 * static_cast<double>(silent) / static_cast<double>(frames), place, fill));
      });
}

void put_first(const std::vector<std::string>& of_recording,
               const std::vector<std::string>& of_engine, std::vector<std::string>& of_map) {
  of_map.insert(of_map.begin(), of_engine.begin(), of_engine.end());
  of_map.insert(of_map.begin(), of_recording.begin(), of_recording.end());
}

}  // namespace relax_spectro::core
