#include "relax_spectro/render/sanity_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>

namespace relax_spectro {
namespace {

constexpr std::size_t kMostPanels = 16;  // a page beyond is longer than anyone looks at
constexpr const char* kUnit = "score";

std::string likeness(const ShuffledMap& map) {
  if (!map.reacts) return "the score is constant";
  const std::optional<double>& rank = map.to_model.spearman;
  return rank ? fmt::format("correlation {:.2f}", *rank) : "a constant map";
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
    const ShuffledMap& map = check.shuffles[i].map;
    figure.panels.push_back({fmt::format("All {} layers shuffled, seed {}: {}", map.layers,
                                         shuffle_seed + i, likeness(map)),
                             kUnit, map.contrast});
  }
  for (const ShuffledMap& stage : check.stages) {
    figure.panels.push_back({fmt::format("The last {} layer{} shuffled: {}", stage.layers,
                                         stage.layers == 1 ? "" : "s", likeness(stage)),
                             kUnit, stage.contrast});
  }
  figure.panels.resize(std::min(figure.panels.size(), kMostPanels));
  return figure;
}

}  // namespace relax_spectro
