#include "results/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "masks/mask_design.hpp"
#include "results/mask_cells.hpp"
#include "saliency/assemble.hpp"

namespace relax_spectro {
namespace {

/// Empty if there is little silence.
std::string about_silence(const Result& result) {
  std::size_t frames = 0;
  std::size_t silent = 0;
  for (const WindowSummary& window : result.explanation.windows) {
    frames += window.frames.count;
    silent += window.silent_frames;
  }
  const std::string fill = to_string(result.options.fill);
  if (silent == frames) {
    return fmt::format(
        "digital silence: the map shows only what --fill {} does. Explain another part", fill);
  }
  const double share = static_cast<double>(silent) / static_cast<double>(frames);
  if (share < core::kMuchSilence || keeps_silence(result.options.fill)) return "";
  return fmt::format(
      "much digital silence: it fills {:.0f} % of the frames, and masks put --fill {} there. Try "
      "--fill silence",
      100.0 * share, fill);
}

/// Empty if all windows are resolved.
std::string about_noise(const Result& result) {
  const Explanation& explanation = result.explanation;
  const std::size_t windows = explanation.windows.size();
  const std::size_t unresolved = unresolved_windows(explanation);
  if (unresolved == 0) return "";
  const std::string place = unresolved < windows
                                ? fmt::format("unresolved in {} of {} windows", unresolved, windows)
                                : "unresolved";
  if (!explanation.sizes.empty()) {
    return place + ": the score falls equally wherever it is masked. Try another score";
  }
  const std::size_t masks = explanation.windows.front().masks;
  if (masks < kFewestMasksForNoise) {
    return fmt::format("{}: {} masks are too few to know the noise. Take {} or more", place, masks,
                       kFewestMasksForNoise);
  }
  return fmt::format(
      "{}: the map does not rise above its noise{}. Take more masks ({}), unless the model does not "
      "react",
      place, unresolved < windows ? " there" : "",
      result.options.masks.is_automatic() ? "--max-masks" : "--masks");
}

/// The size of the smallest area that masks hide: "0.71 s x 18 bands". A side that is as long as
/// the window is left out.
std::string size_text(const Result& result) {
  const MaskCells cells = mask_cells(result);
  const FrontEndConfig& front_end = result.card.front_end;
  double bands = cells.bands;
  double frames = cells.frames;
  if (!cells.adaptive.empty()) {
    const AdaptiveCell& smallest = *std::ranges::min_element(
        cells.adaptive, {}, [](const AdaptiveCell& cell) { return cell.bands * cell.frames; });
    bands = static_cast<double>(smallest.bands);
    frames = static_cast<double>(smallest.frames);
  }
  const bool is_time_whole = frames >= static_cast<double>(cells.windows.front().count);
  const bool is_frequency_whole = bands >= static_cast<double>(front_end.bands);
  std::string time = fmt::format(
      "{:.2g} s", frames * static_cast<double>(front_end.hop_samples) / front_end.sample_rate_hz);
  if (is_frequency_whole) return time;
  std::string frequency =
      cells.hertz ? fmt::format("{:.3g} Hz", *cells.hertz) : fmt::format("{:.3g} bands", bands);
  return is_time_whole ? frequency : time + " x " + frequency;
}

std::string about_size(const Result& result) {
  const char* what = !result.explanation.sizes.empty()    ? "window"
                     : result.options.masks.grid.adaptive ? "smallest cell"
                                                          : "cells";
  return fmt::format("no sharper than its {} of {}", what, size_text(result));
}

std::string about_test(const FlipGains* gains) {
  if (gains == nullptr) return "not tested: run relax-spectro flip";
  if (gains->beats_loudness() && gains->beats_chance()) return "beats loudness and chance";
  if (gains->beats_chance()) return "beats chance but not loudness";
  if (gains->beats_loudness()) return "beats loudness but not chance";
  return "beats neither loudness nor chance";
}

}  // namespace

bool keeps_silence(const Fill& fill) {
  return fill.kind == FillKind::silence || fill.kind == FillKind::min;
}

std::string resolution_of(const Result& result) {
  if (std::string silence = about_silence(result); !silence.empty()) return silence;
  if (std::string noise = about_noise(result); !noise.empty()) return noise;
  double noise = 0.0;
  for (const WindowSummary& window : result.explanation.windows) {
    noise = std::max(noise, *window.noise_to_contrast);
  }
  return fmt::format(
      "resolved: {}; {}",
      noise == 0.0 ? "nothing was random" : fmt::format("noise is {:.2f} of its contrast", noise),
      about_size(result));
}

std::string verdict_of(const Result& result, const FlipGains* gains) {
  std::string text = resolution_of(result);
  if (is_resolved(result)) text += "; " + about_test(gains);
  return text;
}

bool is_resolved(const Result& result) {
  return about_silence(result).empty() && about_noise(result).empty();
}

std::string said_of(const Result& result, const FlipGains* gains) {
  const std::string heard = heard_text(result.explanation);
  return heard + (heard.empty() ? "" : "; ") + verdict_of(result, gains);
}

}  // namespace relax_spectro
