#include "relax_spectro/explanation_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "mask_text.hpp"

namespace relax_spectro {
namespace {

FigurePanel spectrogram_panel(const Spectrogram& spectrogram) {
  FigurePanel panel{"Input: log-mel spectrogram", "model's units",
                    Array2d<double>(spectrogram.values.rows, spectrogram.values.columns)};
  panel.values.values.assign(spectrogram.values.values.begin(), spectrogram.values.values.end());
  return panel;
}

/// How many masks a window had: "640", or "512-1024" where windows differ.
std::string count_text(const Explanation& explanation) {
  const auto [fewest, most] = std::ranges::minmax_element(
      explanation.windows, {}, [](const WindowSummary& window) { return window.masks; });
  if (fewest->masks == most->masks) return std::to_string(most->masks);
  return fmt::format("{}-{}", fewest->masks, most->masks);
}

/// The score, with the class that `top` found where all windows agree on it.
std::string score_text(const Explanation& explanation, const ScoreSpec& score,
                       const ModelCard& card) {
  if (score.kind != ScoreKind::top) return to_string(score);
  const std::optional<std::size_t> first = explanation.windows.front().class_index;
  const bool agree = std::ranges::all_of(
      explanation.windows, [first](const auto& window) { return window.class_index == first; });
  if (!agree || !first) return "logit of each window's top class";
  return "logit:" + (*first < card.labels.size() ? card.labels[*first] : std::to_string(*first));
}

std::string noise_text(const Saliency& saliency) {
  if (!saliency.noise_to_contrast) return "unresolved: no map above its noise";
  if (*saliency.noise_to_contrast == 0.0) return "nothing drawn at random";
  return fmt::format("noise / contrast {:.2f}", *saliency.noise_to_contrast);
}

}  // namespace

Figure explanation_figure(const Explanation& explanation, const ExplainOptions& options,
                          const ModelCard& card, const std::string& title) {
  const std::string score = score_text(explanation, options.score, card);
  Figure figure;
  figure.title = title;
  figure.subtitle = fmt::format("{}  ·  {}  ·  {}  ·  fill {}  ·  {}", card.name, score,
                                render::mask_text(count_text(explanation), options.masks),
                                to_string(options.fill), noise_text(explanation.saliency));
  const bool is_drop = options.masks.family == MaskFamily::window;
  const std::string spread = options.uncertainty == UncertaintyScale::variance
                                 ? "variance of " + score
                                 : "unnormalised variance of " + score;
  figure.panels = {
      spectrogram_panel(explanation.spectrogram),
      {is_drop ? "Mean drop of the score" : "Importance, above its window's mean score", score,
       explanation.contrast},
      {"Uncertainty", spread, explanation.saliency.uncertainty}};
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
