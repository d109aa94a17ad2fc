#include "relax_spectro/occlusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

/// Turns mask weights into the masked window, in place: M x + (1 - M) b.
void occlude(const OccludedWindow& occluded, std::span<float> weights) {
  const std::vector<float>& window = occluded.window.values;
  const std::vector<float>& fill = occluded.fill.values;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = weights[i] * window[i] + (1.0F - weights[i]) * fill[i];
  }
}

}  // namespace

std::vector<double> occlusion_scores(Model& model, const OccludedWindow& occluded,
                                     const MaskLaw& law, const MaskDesign& design, MaskRange range,
                                     const Score& score, std::size_t batch_size,
                                     const MaskProgress& progress) {
  if (batch_size == 0) throw ConfigError("batch size is 0; expected 1 or more");
  if (range.begin > range.end || range.end > design.size()) {
    throw ConfigError(fmt::format("masks {} to {} are asked for, but there are {}", range.begin,
                                  range.end, design.size()));
  }
  const std::size_t bins = occluded.window.values.size();
  std::vector<float> batch(std::min(batch_size, range.size()) * bins);
  std::vector<double> scores;
  scores.reserve(range.size());
  for (std::size_t begin = range.begin; begin < range.end; begin += batch_size) {
    const std::size_t count = std::min(batch_size, range.end - begin);
    const auto copies = std::span(batch).first(count * bins);
    for (std::size_t i = 0; i < count; ++i) {
      const auto copy = copies.subspan(i * bins, bins);
      expand_mask(law, design.mask(begin + i), copy);
      occlude(occluded, copy);
    }
    const ModelOutputs outputs = model.forward(copies, count, occluded.window.columns);
    const std::vector<double> batch_scores = score(outputs);
    scores.insert(scores.end(), batch_scores.begin(), batch_scores.end());
    if (progress) progress(scores.size());
  }
  return scores;
}

}  // namespace relax_spectro
