#pragma once

#include <cmath>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "files/npz.hpp"
#include "golden/mobilenet.hpp"
#include "golden/shared_data.hpp"
#include "relax_spectro/model/model.hpp"
#include "support/analytic_models.hpp"
#include "support/temporary_folder.hpp"

namespace relax_spectro::test {

/// The network of make_small: logits = B tanh(A x).
class SmallNetwork final : public Model {
 public:
  SmallNetwork() : Model(card_of_logits()) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t) override {
    ModelOutputs outputs{Array2d<float>(batch, kClasses), Array2d<float>(batch, kClasses)};
    const std::size_t bins = windows.size() / batch;
    for (std::size_t b = 0; b < batch; ++b) {
      for (std::size_t j = 0; j < kHidden; ++j) {
        double sum = 0.0;
        for (std::size_t i = 0; i < bins; ++i) {
          const auto phase = static_cast<double>((j + 1) * i);
          sum += std::cos(0.05 * phase) * static_cast<double>(windows[b * bins + i]);
        }
        const double hidden = std::tanh(10.0 * sum / static_cast<double>(bins));
        for (std::size_t k = 0; k < kClasses; ++k) {
          const auto phase = static_cast<double>(k + 2 * j + 1);
          outputs.class_scores(b, k) += static_cast<float>(std::sin(phase) * hidden);
        }
      }
    }
    outputs.embedding = outputs.class_scores;
    return outputs;
  }

  std::string runtime() const override { return "analytic"; }

 private:
  static constexpr std::size_t kHidden = 6;
  static constexpr std::size_t kClasses = 5;

  static ModelCard card_of_logits() {
    ModelCard card = small_card();
    card.class_scores = card.embedding;
    card.activation = Activation::softmax;  // as Quantus takes its scores
    return card;
  }
};

/// What published packages were given: a window and a network.
struct GoldenCase {
  Array2d<float> window;
  std::unique_ptr<Model> model;
};

/// "small": made by make_small, and in the repository. "dog": a pretrained network and a recording.
inline bool is_there(const std::string& golden_case) {
  return golden_case == "small" || std::filesystem::exists(shared_file("data/reference"));
}

/// What a package gave for a case. @param package  relax, occlusion or quantus
inline std::filesystem::path golden_file(const std::string& golden_case,
                                         const std::string& package) {
  return golden_case == "small"
             ? std::filesystem::path(RELAX_SPECTRO_GOLDEN_SMALL) / (package + ".npz")
             : shared_file("data/peers/dog_" + package + ".npz");
}

inline GoldenCase load_golden_case(const std::string& golden_case, const TemporaryFolder& folder) {
  if (golden_case == "dog") return {golden_window(), load_logits_model(folder)};
  Array2d<float> window(16, 20);
  for (std::size_t band = 0; band < window.rows; ++band) {
    for (std::size_t frame = 0; frame < window.columns; ++frame) {
      const auto b = static_cast<double>(band);
      const auto t = static_cast<double>(frame);
      const double value =
          2.0 * std::exp(-std::pow(b - 10.3, 2) / 8.0 - std::pow(t - 6.1, 2) / 18.0) +
          0.3 * std::sin(b * 2.1 + t * 1.7);
      window(band, frame) = static_cast<float>(std::round(value * 1024.0) / 1024.0);
    }
  }
  return {std::move(window), std::make_unique<SmallNetwork>()};
}

}  // namespace relax_spectro::test
