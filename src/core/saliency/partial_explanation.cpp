#include "relax_spectro/saliency/partial_explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/require.hpp"
#include "saliency/assemble.hpp"
#include "saliency/short_recording.hpp"
#include "saliency/window_sizes.hpp"
#include "saliency/window_study.hpp"

namespace relax_spectro {
namespace {

using core::require;

/// A batch of fewer windows may differ in its last digits, so parts are cut between batches.
void require_whole_batches(MaskRange range, std::size_t mask_count, const Engine& engine) {
  const std::optional<std::size_t> batch = engine.fixed_batch_size();
  require(batch.has_value(), "--mask-range: parts take batches of one size; give --batch-size");
  const bool end_is_whole = range.end % *batch == 0 || range.end == mask_count;
  require(range.begin % *batch == 0 && end_is_whole,
          fmt::format("--mask-range {}:{}: expected a begin and an end that --batch-size {} "
                      "divides, so that the parts join into the bits of one run",
                      range.begin, range.end, *batch));
}

MaskSet part_masks(const ExplainOptions& options, const MaskAxes& axes) {
  require(!options.masks.is_automatic(),
          "--mask-range is a part of a number of masks: give that number with --masks");
  require(options.masks.family != MaskFamily::window || options.masks.windows.size() == 1,
          "--mask-range takes one --window, not several sizes");
  return make_masks(options.masks, axes);
}

/// Masks in order, none missing and none there twice.
void require_all_masks(const std::vector<PartialExplanation>& parts) {
  const std::size_t count = parts.front().mask_count;
  std::size_t next = 0;
  for (const PartialExplanation& part : parts) {
    const MaskRange range = part.range;
    require(
        part.mask_count == count,
        fmt::format("parts of {} and of {} masks do not belong together", count, part.mask_count));
    require(range.begin <= next, fmt::format("masks {}:{} are missing", next, range.begin));
    require(range.begin == next,
            fmt::format("masks {}:{} are there twice", range.begin, std::min(next, range.end)));
    next = range.end;
  }
  require(next == count, fmt::format("masks {}:{} are missing", next, count));
}

/// One measurement of a window in all parts, whatever machine they were made on.
bool same_score(double a, double b) {
  constexpr double kRounding = 1e-5;
  return std::abs(a - b) <= kRounding * std::max({1.0, std::abs(a), std::abs(b)});
}

void require_same_recording(const PartialExplanation& first, const PartialExplanation& part) {
  require(part.windows.size() == first.windows.size() &&
              part.recording.spectrogram.values.values == first.recording.spectrogram.values.values,
          "parts of different recordings do not belong together: their spectrograms differ");
  for (std::size_t w = 0; w < first.windows.size(); ++w) {
    require(part.windows[w].class_index == first.windows[w].class_index &&
                same_score(part.windows[w].unmasked_score, first.windows[w].unmasked_score),
            fmt::format("parts whose windows score differently do not belong together: "
                        "unmasked_score of window {} is {} in one, {} in another",
                        w, first.windows[w].unmasked_score, part.windows[w].unmasked_score));
  }
}

EngineUse total_use(const std::vector<PartialExplanation>& parts) {
  EngineUse total = parts.front().method.engine;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const EngineUse& use = parts[i].method.engine;
    total.windows += use.windows;
    total.seconds += use.seconds;
    total.forward_seconds += use.forward_seconds;
    total.precision_deviation = std::max(total.precision_deviation, use.precision_deviation);
    total.warnings.insert(total.warnings.end(), use.warnings.begin(), use.warnings.end());
  }
  return total;
}

}  // namespace

PartialExplanation explain_part(Engine& engine, const Audio& audio, const ExplainOptions& options,
                                MaskRange range, const ExplainProgress& progress) {
  options.validate();
  PartialExplanation part;
  part.recording = cut_recording(engine.card(), audio, {options.hop_s, Tail::cover});
  core::require_room_for_masks(engine.card(), part.recording, options.masks);
  const std::vector<FrameRange>& windows = part.recording.windows;
  const MaskSet set =
      part_masks(options, mask_axes(engine.card().front_end, windows.front().count));
  part.mask_count = core::masks_to_evaluate(set, options);
  require(range.begin < range.end && range.end <= part.mask_count,
          fmt::format("--mask-range {}:{}: expected BEGIN:END with 0 <= BEGIN < END <= {}, the "
                      "number of masks",
                      range.begin, range.end, part.mask_count));
  require_whole_batches(range, part.mask_count, engine);
  if (options.estimator == Estimator::regression) require_regression(set.law, *set.design);
  part.range = range;
  part.method = {
      set.law, set.layout, core::resolved_estimator(options, set), part.recording.hop_s, {}};
  for (const FrameRange frames : windows) {
    const std::size_t before = part.windows.size() * range.size();
    const auto tell = [&](std::size_t done) {
      if (progress) progress(before + done, windows.size() * range.size());
    };
    part.windows.push_back(core::score_window(
        engine, core::occluded_window(part.recording.spectrogram, frames, options), set, range,
        options, tell));
  }
  part.method.engine = engine.take_use();
  return part;
}

Explanation merge_parts(const ModelCard& card, const ExplainOptions& options,
                        std::vector<PartialExplanation> parts) {
  require(!parts.empty(), "no parts to merge");
  std::ranges::sort(parts, {}, [](const PartialExplanation& part) { return part.range.begin; });
  require_all_masks(parts);
  for (const PartialExplanation& part : parts) require_same_recording(parts.front(), part);
  const RecordingWindows& recording = parts.front().recording;
  const MaskAxes axes = mask_axes(card.front_end, recording.windows.front().count);
  const MaskSet set = part_masks(options, axes);
  require(core::masks_to_evaluate(set, options) == parts.front().mask_count,
          fmt::format("the options give {} masks, the parts are of {}",
                      core::masks_to_evaluate(set, options), parts.front().mask_count));
  std::vector<core::WindowStudy> studies;
  for (std::size_t w = 0; w < recording.windows.size(); ++w) {
    WindowScores all = parts.front().windows[w];
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const std::vector<double>& more = parts[i].windows[w].scores;
      all.scores.insert(all.scores.end(), more.begin(), more.end());
    }
    studies.push_back(core::finish_study(set, std::move(all), options));
  }
  Explanation result = core::assemble(recording, set, options, studies);
  if (options.masks.family == MaskFamily::window) {
    result.sizes = {core::summarise_size(result, options.masks.windows.front(), axes)};
  }
  result.method.engine = total_use(parts);
  core::warn_of_silence(options, result);
  core::put_first(recording.warnings, result.method.engine.warnings, result.warnings);
  return result;
}

}  // namespace relax_spectro
