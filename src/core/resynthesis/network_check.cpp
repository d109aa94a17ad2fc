#include "resynthesis/network_check.hpp"

#include "relax_spectro/occlusion/score.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {
namespace {

void add_heard(Explanation& windows, const ModelOutputs& outputs, const ModelCard& card) {
  if (outputs.class_scores.rows == 0) return;
  windows.windows.emplace_back().heard = heard_classes(outputs.class_scores.row(0), card);
}

}  // namespace

NetworkCheck check_sound(Engine& engine, const std::function<Array2d<float>(FrameRange)>& sound,
                         const std::function<Array2d<float>(FrameRange)>& wanted,
                         std::span<const FrameRange> windows) {
  const ModelCard& card = engine.card();
  Explanation heard;
  Explanation given;
  double cosines = 0.0;
  bool has_embedding = false;
  for (const FrameRange window : windows) {
    const ModelOutputs of_sound = engine.forward_alone(sound(window));
    const ModelOutputs of_wanted = engine.forward_alone(wanted(window));
    add_heard(heard, of_sound, card);
    add_heard(given, of_wanted, card);
    has_embedding = of_sound.embedding.columns > 0;
    if (has_embedding) cosines += Score(ScoreSpec{}, card, of_sound)(of_wanted).front();
  }
  NetworkCheck check{{}, heard_in_recording(heard), heard_in_recording(given)};
  if (has_embedding) check.cosine = cosines / static_cast<double>(windows.size());
  return check;
}

}  // namespace relax_spectro
