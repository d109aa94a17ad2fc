#include "results/region.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <tuple>

#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/threshold.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

/// Regions reach down to this share of their peak, and are parted by deeper valleys.
constexpr double kShareOfPeak = 0.5;

/// The first window that has this frame.
const WindowSummary& window_of(const Explanation& explanation, std::size_t frame) {
  const auto& windows = explanation.windows;
  return *std::find_if(windows.begin(), std::prev(windows.end()), [frame](const auto& window) {
    return frame < window.frames.begin + window.frames.count;
  });
}

/// Whether each frame has sound to speak of: it lies in the recording, in a window that is not silent.
std::vector<bool> frames_with_sound(const Result& result) {
  const std::vector<double>& time_s = result.explanation.spectrogram.time_s;
  std::vector<bool> with_sound;
  for (std::size_t frame = 0; frame < time_s.size(); ++frame) {
    with_sound.push_back(time_s[frame] <= result.provenance.input_end_s() &&
                         !window_of(result.explanation, frame).all_silent());
  }
  return with_sound;
}

/// The contrast of frames with sound, and 0 elsewhere.
Array2d<double> contrast_with_sound(const Result& result) {
  Array2d<double> contrast = result.explanation.contrast;
  const std::vector<bool> with_sound = frames_with_sound(result);
  for (std::size_t bin = 0; bin < contrast.values.size(); ++bin) {
    if (!with_sound[bin % contrast.columns]) contrast.values[bin] = 0.0;
  }
  return contrast;
}

/// The bins with a positive value, highest first.
std::vector<std::size_t> positive_bins(const Array2d<double>& map) {
  std::vector<std::size_t> bins;
  for (std::size_t bin = 0; bin < map.values.size(); ++bin) {
    if (map.values[bin] > 0.0) bins.push_back(bin);  // false for NaN
  }
  std::ranges::stable_sort(bins, std::greater<>(),
                           [&map](std::size_t bin) { return map.values[bin]; });
  return bins;
}

/// The class that is measured in each frame.
std::vector<std::optional<std::size_t>> classes_of_frames(const Explanation& explanation) {
  std::vector<std::optional<std::size_t>> classes;
  for (std::size_t frame = 0; frame < explanation.contrast.columns; ++frame) {
    classes.push_back(window_of(explanation, frame).class_index);
  }
  return classes;
}

/// Parts bins among the peaks of the contrast, like water that falls from above the highest peak and
/// leaves one island after the other.
class Islands {
 public:
  /// @param bins      highest contrast first.
  /// @param class_of  the class that is measured, of each frame. Must outlive the islands.
  Islands(const Array2d<double>& contrast, const std::vector<std::size_t>& bins,
          const std::vector<std::optional<std::size_t>>& class_of)
      : contrast_(contrast),
        island_of_(contrast_.rows, contrast_.columns, kNone),
        class_of_(class_of) {
    for (const std::size_t bin : bins) rise(bin);
  }

  /// The bins of each island above kShareOfPeak, highest island first. Each list begins with the
  /// peak.
  [[nodiscard]] std::vector<std::vector<std::size_t>> above_half(
      const std::vector<std::size_t>& bins) const {
    std::vector<std::vector<std::size_t>> islands(peaks_.size());
    for (const std::size_t bin : bins) {
      const std::size_t island = joined(island_of_.values[bin]);
      if (height(bin) > kShareOfPeak * height(peaks_[island])) islands[island].push_back(bin);
    }
    std::erase_if(islands, [](const auto& island) { return island.empty(); });
    return islands;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  [[nodiscard]] double height(std::size_t bin) const { return contrast_.values[bin]; }

  /// The island that this one has become a part of.
  [[nodiscard]] std::size_t joined(std::size_t island) const {
    while (part_of_[island] != island) island = part_of_[island];
    return island;
  }

  /// The islands around a bin with the same measured class. Older ones are higher and come first.
  [[nodiscard]] std::vector<std::size_t> around(std::size_t bin) const {
    const auto row = bin / contrast_.columns;
    const auto column = bin % contrast_.columns;
    std::vector<std::size_t> islands;
    for (std::size_t r = row - std::min<std::size_t>(row, 1); r < std::min(row + 2, contrast_.rows);
         ++r) {
      for (std::size_t c = column - std::min<std::size_t>(column, 1);
           c < std::min(column + 2, contrast_.columns); ++c) {
        if (island_of_(r, c) == kNone || class_of_[c] != class_of_[column]) continue;
        islands.push_back(joined(island_of_(r, c)));
      }
    }
    std::ranges::sort(islands);
    return islands;
  }

  void rise(std::size_t bin) {
    const std::vector<std::size_t> islands = around(bin);
    if (islands.empty()) {
      part_of_.push_back(peaks_.size());
      peaks_.push_back(bin);
    }
    const std::size_t highest = islands.empty() ? peaks_.size() - 1 : islands.front();
    island_of_.values[bin] = highest;
    for (const std::size_t island : islands) {
      if (height(bin) >= kShareOfPeak * height(peaks_[island])) part_of_[island] = highest;
    }
  }

  const Array2d<double>& contrast_;
  Array2d<std::size_t> island_of_;
  const std::vector<std::optional<std::size_t>>& class_of_;
  std::vector<std::size_t> part_of_;  ///< for each island
  std::vector<std::size_t> peaks_;    ///< bin of each island's peak, highest first
};

Region described(const Result& result, const std::vector<std::size_t>& bins) {
  const Explanation& explanation = result.explanation;
  const std::size_t columns = explanation.contrast.columns;
  const auto row_of = [columns](std::size_t bin) { return bin / columns; };
  const auto column_of = [columns](std::size_t bin) { return bin % columns; };
  const auto [low, high] = std::ranges::minmax(bins, {}, row_of);
  const auto [first, last] = std::ranges::minmax(bins, {}, column_of);
  Region region;
  region.box = box_around(explanation.spectrogram, {row_of(low), row_of(high) + 1},
                          {column_of(first), column_of(last) + 1});
  region.box.begin_s = std::max(region.box.begin_s, result.provenance.audio.begin_s.value_or(0.0));
  region.box.end_s = std::min(region.box.end_s, result.provenance.input_end_s());
  const std::size_t peak = bins.front();
  region.peak_contrast = explanation.contrast.values[peak];
  for (const std::size_t bin : bins) {
    const double error = explanation.saliency.standard_error.values[bin];
    if (!(error > 0.0)) continue;  // none, or NaN
    const double errors = explanation.contrast.values[bin] / error;
    region.standard_errors = std::max(region.standard_errors.value_or(0.0), errors);
  }
  const WindowSummary& window = window_of(explanation, column_of(peak));
  region.label = region_label(result, window);
  region.heard = to_string(window.heard);
  return region;
}

bool has_errors(const Explanation& explanation) {
  return std::ranges::any_of(explanation.saliency.standard_error.values,
                             [](double error) { return std::isfinite(error); });
}

}  // namespace

RegionThreshold RegionThreshold::parse(std::string_view text) {
  constexpr std::string_view kErrors = "se:";
  RegionThreshold threshold;
  if (text == "otsu") {
    threshold = {Kind::otsu, 0.0};
  } else if (text.starts_with(kErrors)) {
    threshold = {Kind::standard_error,
                 core::parse_number(text.substr(kErrors.size()), "--threshold se:Z")};
  } else if (!text.empty() && text.find_first_not_of("0123456789.+-eE") == std::string_view::npos) {
    threshold = {Kind::contrast, core::parse_number(text, "--threshold")};
  } else {
    throw ConfigError(
        fmt::format("--threshold is '{}'; expected se:Z for Z standard errors, such as se:3, otsu, "
                    "or the least contrast as a number",
                    text));
  }
  return threshold;
}

std::string to_string(const RegionThreshold& threshold) {
  if (threshold.kind == RegionThreshold::Kind::otsu) return "otsu";
  return fmt::format(
      "{}{}", threshold.kind == RegionThreshold::Kind::contrast ? "" : "se:", threshold.value);
}

void RegionOptions::validate() const {
  core::require(threshold.value >= 0.0,
                fmt::format("--threshold is {}; expected 0 or more", to_string(threshold)));
  core::require(least_peak >= 0.0 && least_peak <= 1.0,
                fmt::format("--least-peak is {}; expected 0 to 1", least_peak));
  core::require(most != std::size_t{0}, "--top is 0; expected 1 or more");
}

std::string region_label(const Result& result, const WindowSummary& window) {
  if (const auto measured = measured_class(result.card, window)) return *measured;
  return window.heard.empty() ? "salient" : class_name(window.heard.front());
}

std::vector<std::vector<std::size_t>> bins_around_peaks(
    const Array2d<double>& map, const std::vector<std::optional<std::size_t>>& class_of_frame) {
  const std::vector<std::size_t> bins = positive_bins(map);
  return Islands(map, bins, class_of_frame).above_half(bins);
}

std::vector<bool> salient_bins(const Result& result, const RegionThreshold& threshold) {
  using Kind = RegionThreshold::Kind;
  core::require(
      threshold.kind != Kind::standard_error || has_errors(result.explanation),
      fmt::format("the threshold is {}, but the map has no standard errors; expected otsu, "
                  "a number, or a map of 16 masks or more",
                  to_string(threshold)));
  const std::vector<double>& contrast = result.explanation.contrast.values;
  const std::vector<double>& errors = result.explanation.saliency.standard_error.values;
  const double least =
      threshold.kind == Kind::otsu ? threshold_of(contrast, ThresholdKind::otsu) : threshold.value;
  std::vector<bool> salient(contrast.size());
  for (std::size_t bin = 0; bin < contrast.size(); ++bin) {  // false for NaN
    salient[bin] =
        contrast[bin] > (threshold.kind == Kind::standard_error ? least * errors[bin] : least);
  }
  return salient;
}

std::vector<Region> salient_regions(const Result& result, const RegionOptions& options) {
  options.validate();
  const std::vector<bool> salient = salient_bins(result, options.threshold);
  const Explanation& explanation = result.explanation;
  const std::vector<double>& contrast = explanation.contrast.values;
  std::vector<Region> regions;
  for (const auto& bins :
       bins_around_peaks(contrast_with_sound(result), classes_of_frames(explanation))) {
    if (regions.size() == options.most) break;
    if (!regions.empty() &&
        contrast[bins.front()] < options.least_peak * regions[0].peak_contrast) {
      break;
    }
    if (std::ranges::any_of(bins, [&salient](std::size_t bin) { return salient[bin]; }))
      regions.push_back(described(result, bins));
  }
  std::ranges::stable_sort(regions, {}, [](const Region& region) {
    return std::tuple{region.box.begin_s, region.box.low_hz};
  });
  return regions;
}

}  // namespace relax_spectro
