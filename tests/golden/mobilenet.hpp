#pragma once

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <vector>

#include "files/npz.hpp"
#include "golden/shared_data.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model.hpp"
#include "support/front_ends.hpp"
#include "support/temporary_folder.hpp"

namespace relax_spectro::test {

/// The pretrained MobileNetV3 that the package was run on. RELAX used its logits as embedding.
inline std::unique_ptr<Model> load_logits_model(const TemporaryFolder& folder) {
  ModelCard card;
  card.name = "mn04 logits";
  card.front_end = efficientat_front_end();
  card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::frequency, InputAxis::time};
  card.input.window_frames = card.input.hop_frames = 501;
  card.embedding = OutputPlace{};
  card.class_scores = OutputPlace{};
  card.activation = Activation::softmax;  // for the scores of Quantus
  const auto model_path = folder / "mn04.pt";
  std::filesystem::create_symlink(
      std::filesystem::absolute(shared_file("models/efficientat-mn04/mn04_as_logits.ts.pt")),
      model_path);
  write_text_file(folder / "mn04.json", to_json(card), Overwrite::no);
  return load_model(model_path);
}

/// The input of the package: a golden log-mel, so that the test does not depend on a front end.
inline Array2d<float> golden_window() {
  const NumericArray log_mel = read_npy(shared_file("data/reference/dog_mn_logmel.npy"));
  Array2d<float> window(log_mel.shape[0], log_mel.shape[1]);
  std::transform(log_mel.values.begin(), log_mel.values.end(), window.values.begin(),
                 [](double value) { return static_cast<float>(value); });
  return window;
}

inline double range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high - *low;
}

}  // namespace relax_spectro::test
