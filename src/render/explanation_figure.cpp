#include "relax_spectro/explanation_figure.hpp"

#include <fmt/format.h>

namespace relax_spectro {
namespace {

FigurePanel spectrogram_panel(const Spectrogram& spectrogram) {
  FigurePanel panel{"Input: log-mel spectrogram", "model's units",
                    Array2d<double>(spectrogram.values.rows, spectrogram.values.columns)};
  panel.values.values.assign(spectrogram.values.values.begin(), spectrogram.values.values.end());
  return panel;
}

std::string mask_text(const Explanation& explanation, const ExplainOptions& options) {
  const std::size_t masks = explanation.scores.columns;
  if (options.listed_masks) {
    return fmt::format("{} listed masks {}x{}", masks, options.listed_masks->grid.rows,
                       options.listed_masks->grid.columns);
  }
  return fmt::format("{} random masks {}x{}, keep {}, seed {}", masks, options.grid.rows,
                     options.grid.columns, options.keep_probability, options.seed);
}

std::string noise_text(const Saliency& saliency) {
  if (!saliency.noise_to_contrast) return "unresolved: no map above its noise";
  return fmt::format("noise / contrast {:.2f}", *saliency.noise_to_contrast);
}

}  // namespace

Figure explanation_figure(const Explanation& explanation, const ExplainOptions& options,
                          const ModelCard& card, const std::string& title) {
  Figure figure;
  figure.title = title;
  figure.subtitle = fmt::format("{}  ·  {}  ·  {}  ·  fill {}  ·  {}", card.name,
                                to_string(options.score), mask_text(explanation, options),
                                to_string(options.fill), noise_text(explanation.saliency));
  const std::string score(to_string(options.score));
  const std::string spread = options.uncertainty == UncertaintyScale::variance
                                 ? "variance of " + score
                                 : "unnormalised variance of " + score;
  figure.panels = {spectrogram_panel(explanation.spectrogram),
                   {"Importance, above its window's mean score", score, explanation.contrast},
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
