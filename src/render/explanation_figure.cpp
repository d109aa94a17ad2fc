#include "relax_spectro/render/explanation_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace relax_spectro {
namespace {

FigurePanel spectrogram_panel(const Spectrogram& spectrogram) {
  return {"Input: log-mel spectrogram", "model's units", converted<double>(spectrogram.values)};
}

/// The number of masks for each window: "640", or "512-1024" if windows differ.
std::string count_text(const Explanation& explanation) {
  const auto [fewest, most] = std::ranges::minmax_element(
      explanation.windows, {}, [](const WindowSummary& window) { return window.masks; });
  if (fewest->masks == most->masks) return std::to_string(most->masks);
  return fmt::format("{}-{}", fewest->masks, most->masks);
}

/// A window in bins: "16x16 bins", or "2-36x20 bins" for one in Hertz.
std::string bins_text(const SizeSummary& size) {
  // A window counted in bins has fewer at the far edge, which is not worth a remark.
  if (size.window.frequency.unit != SizeUnit::hertz) {
    return fmt::format("{}x{} bins", size.most_bins.rows, size.most_bins.columns);
  }
  return fmt::format("{}-{}x{} bins", size.fewest_bins.rows, size.most_bins.rows,
                     size.most_bins.columns);
}

/// A window in bins and units: "16x16 bins (0.16 s)", "2-36x20 bins (1000 Hz x 0.2 s)". A count of
/// bands has no size in Hertz, because that depends on the position.
std::string size_text(const SizeSummary& size, const FrontEndConfig& front_end) {
  const double frame_s = static_cast<double>(front_end.hop_samples) / front_end.sample_rate_hz;
  std::string bands;
  if (size.window.frequency.unit == SizeUnit::all) bands = "all bands x ";
  if (size.window.frequency.unit == SizeUnit::hertz) {
    bands = fmt::format("{:.6g} Hz x ", size.window.frequency.value);
  }
  return fmt::format("{} ({}{:.3g} s)", bins_text(size), bands,
                     static_cast<double>(size.most_bins.columns) * frame_s);
}

std::string mask_text(const Explanation& explanation, const MaskOptions& masks,
                      const ModelCard& card) {
  const std::string count = count_text(explanation);
  if (explanation.sizes.size() > 1) {
    return fmt::format("windows of {} sizes", explanation.sizes.size());
  }
  if (!explanation.sizes.empty()) {
    const SizeSummary& size = explanation.sizes.front();
    return fmt::format("{} windows {}, every {}", count, size_text(size, card.front_end),
                       to_string(size.stride));
  }
  return masks.text(count, explanation.method.grid, explanation.method.layout.edges);
}

/// The score, with the class that `top` selected if it is the same in all windows.
std::string score_text(const Explanation& explanation, const ScoreSpec& score,
                       const ModelCard& card) {
  if (!score.is_of_top_class()) return to_string(score);
  const std::optional<std::size_t> first = explanation.windows.front().class_index;
  const bool agree = std::ranges::all_of(
      explanation.windows, [first](const auto& window) { return window.class_index == first; });
  const std::string kind = score.kind == ScoreKind::probability ? "prob" : "logit";
  if (!agree || !first) return kind + " of each window's top class";
  return kind + ":" + (*first < card.labels.size() ? card.labels[*first] : std::to_string(*first));
}

/// The cells of an adaptive map are as random as its values, but only these have a known noise.
std::string noise_text(const Saliency& saliency, bool is_adaptive) {
  if (!saliency.noise_to_contrast) return "unresolved: no map above its noise";
  if (*saliency.noise_to_contrast == 0.0) return "nothing drawn at random";
  return fmt::format("noise / contrast {:.2f}{}", *saliency.noise_to_contrast,
                     is_adaptive ? " in these cells" : "");
}

/// The place of the largest drop: "1.20-1.36 s, 2.1-2.9 kHz".
std::string box_text(const TimeFrequencyBox& box) {
  const bool is_high = box.high_hz >= 1000.0;
  return fmt::format("{:.2f}-{:.2f} s, {:.{}f}-{:.{}f} {}", box.begin_s, box.end_s,
                     is_high ? box.low_hz / 1000.0 : box.low_hz, is_high ? 2 : 0,
                     is_high ? box.high_hz / 1000.0 : box.high_hz, is_high ? 2 : 0,
                     is_high ? "kHz" : "Hz");
}

/// One panel for each size of a sweep, with the place of the largest drop.
std::vector<FigurePanel> size_panels(const Explanation& explanation, const ModelCard& card,
                                     const std::string& score) {
  std::vector<FigurePanel> panels;
  for (std::size_t i = 0; i < explanation.sizes.size(); ++i) {
    const SizeSummary& size = explanation.sizes[i];
    const bool is_steepest = i == explanation.steepest_size;
    panels.push_back({fmt::format("{}{}: largest drop {:.3g} at {}{}", is_steepest ? "\u25b6 " : "",
                                  size_text(size, card.front_end), size.largest_drop,
                                  box_text(size.largest_drop_at),
                                  is_steepest ? ", the largest of all sizes" : ""),
                      "mean drop of " + score, size.importance, size.largest_drop_at});
  }
  return panels;
}

/// The map and its uncertainty.
std::vector<FigurePanel> map_panels(const Explanation& explanation, const ExplainOptions& options,
                                    const std::string& score) {
  const std::string spread = options.uncertainty == UncertaintyScale::variance
                                 ? "variance of " + score
                                 : "unnormalised variance of " + score;
  const bool is_adaptive = options.masks.grid.adaptive;
  std::vector<FigurePanel> panels{
      {!explanation.sizes.empty() ? "Mean drop of the score"
       : is_adaptive ? "Importance: what a 49th of the window would add, were it all like this"
                     : "Importance, above its window's mean score",
       score, explanation.contrast},
      {"Uncertainty", spread, explanation.saliency.uncertainty}};
  if (explanation.repeat) {
    panels.push_back(
        {"REPEAT: probability of being salient", "p", explanation.repeat->probability});
    panels.push_back({"REPEAT: uncertainty", "p (1 - p)", explanation.repeat->uncertainty});
  }
  return panels;
}

}  // namespace

Figure explanation_figure(const Result& result) {
  const auto& [provenance, card, options, explanation] = result;
  const std::string score = score_text(explanation, options.score, card);
  Figure figure;
  figure.title = provenance.input.path.filename().string();
  figure.subtitle =
      fmt::format("{}  ·  {}  ·  {}  ·  fill {}  ·  {}", card.name, score,
                  mask_text(explanation, options.masks, card), to_string(options.fill),
                  noise_text(explanation.saliency, options.masks.grid.adaptive));
  figure.panels = explanation.sizes.size() > 1 ? size_panels(explanation, card, score)
                                               : map_panels(explanation, options, score);
  figure.panels.insert(figure.panels.begin(), spectrogram_panel(explanation.spectrogram));
  figure.time_s = explanation.spectrogram.time_s;
  figure.frequency_hz = explanation.spectrogram.frequency_hz;
  return figure;
}

Figure spectrogram_figure(const Spectrogram& spectrogram, const ModelCard& card,
                          const std::string& title) {
  return {title,
          "input of " + card.name,
          {spectrogram_panel(spectrogram)},
          spectrogram.time_s,
          spectrogram.frequency_hz};
}

}  // namespace relax_spectro
