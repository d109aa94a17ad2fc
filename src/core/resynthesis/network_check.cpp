#include "resynthesis/network_check.hpp"

#include <algorithm>
#include <utility>

#include "occlusion/embed.hpp"
#include "relax_spectro/occlusion/score.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {
namespace {

ModelOutputs outputs_of(Engine& engine, const Array2d<float>& input,
                        std::span<const FrameRange> windows) {
  return run_all(
      engine,
      {windows.size(), windows.front().count, [&](std::size_t index, std::span<float> window) {
         const FrameRange range = windows[index];
         for (std::size_t band = 0; band < input.rows; ++band) {
           std::ranges::copy(input.row(band).subspan(range.begin, range.count),
                             window.begin() + static_cast<std::ptrdiff_t>(band * range.count));
         }
       }});
}

std::vector<HeardClass> heard_in(const ModelOutputs& outputs, const ModelCard& card) {
  Explanation windows;
  for (std::size_t row = 0; row < outputs.class_scores.rows; ++row) {
    windows.windows.emplace_back().heard = heard_classes(outputs.class_scores.row(row), card);
  }
  return heard_in_recording(windows);
}

Array2d<float> one_row(std::span<const float> row) {
  Array2d<float> array;
  append_row(array, row);
  return array;
}

double mean_cosine(const ModelOutputs& a, const ModelOutputs& b, const ModelCard& card) {
  double sum = 0.0;
  for (std::size_t row = 0; row < a.embedding.rows; ++row) {
    const Score cosine(ScoreSpec{}, card, {one_row(a.embedding.row(row)), {}});
    sum += cosine({one_row(b.embedding.row(row)), {}}).front();
  }
  return sum / static_cast<double>(a.embedding.rows);
}

}  // namespace

NetworkCheck check_sound(Engine& engine, const Array2d<float>& sound, const Array2d<float>& wanted,
                         std::span<const FrameRange> windows) {
  const ModelCard& card = engine.card();
  const ModelOutputs of_sound = outputs_of(engine, sound, windows);
  const ModelOutputs of_wanted = outputs_of(engine, wanted, windows);
  NetworkCheck check{{}, heard_in(of_sound, card), heard_in(of_wanted, card)};
  if (of_sound.embedding.columns > 0) check.cosine = mean_cosine(of_sound, of_wanted, card);
  return check;
}

}  // namespace relax_spectro
