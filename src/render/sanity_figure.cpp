#include "sanity_figure.hpp"

#include <fmt/format.h>

#include <cstddef>

namespace relax_spectro {
namespace {

constexpr std::size_t kMostPanels = 16;  // more would make the page too long to look at
constexpr const char* kUnit = "score";

/// The map to draw: zero if the score is constant. Otherwise the colour scale would show its
/// rounding.
Array2d<double> drawn(const ShuffledMap& map, bool constant) {
  return constant ? Array2d<double>(map.contrast.rows, map.contrast.columns) : map.contrast;
}

}  // namespace

Figure sanity_figure(const SanityCheck& check, std::uint64_t shuffle_seed,
                     const std::string& title) {
  Figure figure;
  figure.title = title;
  figure.subtitle = verdict_of(check);
  figure.time_s = check.spectrogram.time_s;
  figure.frequency_hz = check.spectrogram.frequency_hz;
  figure.panels.push_back(
      {"The model: importance, above its window's mean score", kUnit, check.model[0]});
  for (std::size_t i = 0; i < check.shuffles.size(); ++i) {
    const WholeShuffle& shuffle = check.shuffles[i];
    const std::string layers = shuffle.map.layers == 1
                                   ? std::string("The only layer")
                                   : fmt::format("All {} layers", shuffle.map.layers);
    figure.panels.push_back(
        {fmt::format("{} shuffled, seed {}: {}", layers, shuffle_seed + i, text_of(check, shuffle)),
         kUnit, drawn(shuffle.map, shuffle.outcome() == ShuffleOutcome::constant)});
  }
  for (const ShuffledMap& stage : check.stages) {
    figure.panels.push_back({fmt::format("The last {} layer{} shuffled: {}", stage.layers,
                                         stage.layers == 1 ? "" : "s", text_of(stage)),
                             kUnit, drawn(stage, !stage.reacts)});
  }
  for (FigurePanel& panel : figure.panels) panel.is_signed = true;
  if (figure.panels.size() > kMostPanels) {
    const std::size_t more = figure.panels.size() - kMostPanels;
    figure.panels[kMostPanels - 1].title +=
        fmt::format("; {} more map{} in the .npz", more, more == 1 ? " is" : "s are");
    figure.panels.resize(kMostPanels);
  }
  return figure;
}

}  // namespace relax_spectro
