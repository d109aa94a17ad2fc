#pragma once

#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <string>
#include <utility>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::test {

/// Bins [row_begin, row_end) x [column_begin, column_end) of a window.
struct Rectangle {
  std::size_t row_begin = 0;
  std::size_t row_end = 0;
  std::size_t column_begin = 0;
  std::size_t column_end = 0;

  [[nodiscard]] bool holds(std::size_t row, std::size_t column) const {
    return row >= row_begin && row < row_end && column >= column_begin && column < column_end;
  }
};

/// A card for small windows: 16 bands, 20 frames, 8 kHz, a frame every 8 ms.
inline ModelCard small_card() {
  ModelCard card;
  card.name = "analytic";
  card.front_end.sample_rate_hz = 8000;
  card.front_end.window_samples = 128;
  card.front_end.fft_samples = 128;
  card.front_end.hop_samples = 64;
  card.front_end.bands = 16;
  card.front_end.low_hz = 0.0;
  card.front_end.high_hz = 4000.0;
  card.front_end.log_offset = 1e-3;
  card.input.axes = {InputAxis::batch, InputAxis::frequency, InputAxis::time};
  card.input.window_frames = 20;
  card.input.hop_frames = 20;
  card.embedding = OutputPlace{};
  return card;
}

/// Embeds a window as (mean over a rectangle, 1). So its cosine with the unmasked input depends
/// only on that rectangle.
class RectangleModel final : public Model {
 public:
  explicit RectangleModel(Rectangle rectangle, ModelCard card = small_card())
      : Model(std::move(card)), rectangle_(rectangle) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t frames) override {
    const std::size_t bands = card().front_end.bands;
    ModelOutputs outputs{Array2d<float>(batch, 2), Array2d<float>(batch, 0)};
    for (std::size_t b = 0; b < batch; ++b) {
      const auto window = windows.subspan(b * bands * frames, bands * frames);
      outputs.embedding(b, 0) = mean_of(window, frames);
      outputs.embedding(b, 1) = 1.0F;
    }
    return outputs;
  }

  std::string runtime() const override { return "analytic"; }

 private:
  float mean_of(std::span<const float> window, std::size_t frames) const {
    double sum = 0.0;
    std::size_t count = 0;
    for (std::size_t row = rectangle_.row_begin; row < rectangle_.row_end; ++row) {
      for (std::size_t t = rectangle_.column_begin; t < rectangle_.column_end; ++t, ++count) {
        sum += static_cast<double>(window[row * frames + t]);
      }
    }
    return static_cast<float>(sum / static_cast<double>(count));
  }

  Rectangle rectangle_;
};

/// Scores two classes: the means of the lower and the upper half of the bands, each plus a
/// constant.
class HalvesModel final : public Model {
 public:
  explicit HalvesModel(float lower_more = 0.0F, float upper_more = 0.0F)
      : Model(two_class_card()), more_{lower_more, upper_more} {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t frames) override {
    const std::size_t half = card().front_end.bands / 2 * frames;
    ModelOutputs outputs{Array2d<float>(batch, 0), Array2d<float>(batch, 2)};
    for (std::size_t i = 0; i < 2 * batch; ++i) {
      const auto values = windows.subspan(i * half, half);
      outputs.class_scores.values[i] =
          std::accumulate(values.begin(), values.end(), 0.0F) / static_cast<float>(half) +
          more_[i % 2];
    }
    return outputs;
  }

  std::string runtime() const override { return "analytic"; }

 private:
  static ModelCard two_class_card() {
    ModelCard card = small_card();
    card.class_scores = card.embedding;
    card.embedding.reset();
    return card;
  }

  std::array<float, 2> more_;
};

/// Gives every window the same embedding.
class ConstantModel final : public Model {
 public:
  explicit ConstantModel(ModelCard card = small_card()) : Model(std::move(card)) {}

  ModelOutputs forward(std::span<float>, std::size_t batch, std::size_t) override {
    return {Array2d<float>(batch, 3, 0.7F), Array2d<float>(batch, 0)};
  }
  std::string runtime() const override { return "analytic"; }
};

}  // namespace relax_spectro::test
