#include "occlusion/occlusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

OccludedWindow occluded_window(const Spectrogram& spectrogram, FrameRange range, const Fill& fill,
                               std::uint64_t seed) {
  NetworkWindow window = network_window(spectrogram, range);
  Array2d<float> replaced = make_fill(fill, window.values, window.silence, seed);
  return {std::move(window.values), std::move(replaced)};
}

void occlude(const OccludedWindow& occluded, std::span<float> weights) {
  const std::vector<float>& window = occluded.window.values;
  const std::vector<float>& fill = occluded.fill.values;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = weights[i] * window[i] + (1.0F - weights[i]) * fill[i];
  }
}

std::vector<std::vector<double>> occlusion_scores(Engine& engine, const OccludedWindow& occluded,
                                                  const MaskLaw& law, const MaskDesign& design,
                                                  MaskRange range, std::span<const Score> scores,
                                                  const EngineProgress& progress) {
  if (range.begin > range.end || range.end > design.size()) {
    throw ConfigError(fmt::format("masks {} to {} are asked for, but there are {}", range.begin,
                                  range.end, design.size()));
  }
  std::vector<std::vector<double>> values(scores.size(), std::vector<double>(range.size()));
  const WindowSource copies{range.size(), occluded.window.columns,
                            [&](std::size_t index, std::span<float> copy) {
                              expand_mask(law, design.mask(range.begin + index), copy);
                              occlude(occluded, copy);
                            }};
  const auto take = [&](std::size_t begin, const ModelOutputs& outputs) {
    for (std::size_t i = 0; i < scores.size(); ++i) {
      std::ranges::copy(scores[i](outputs), values[i].begin() + static_cast<std::ptrdiff_t>(begin));
    }
  };
  engine.run(copies, take, progress);
  return values;
}

}  // namespace relax_spectro
