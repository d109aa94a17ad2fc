#include "model/probe_windows.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace relax_spectro::core {
namespace {

double relative_difference(std::span<const float> a, std::span<const float> b) {
  double difference = 0.0;
  double size = 1e-6;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference =
        std::max(difference, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    size =
        std::max({size, std::abs(static_cast<double>(a[i])), std::abs(static_cast<double>(b[i]))});
  }
  return difference / size;
}

}  // namespace

std::vector<float> probe_windows(const ModelCard& card, std::size_t batch, std::size_t frames) {
  const std::size_t bins = card.front_end.bands * frames;
  const float silence = silence_level(card.front_end);
  // Nearly silent: a network that divides by a window's standard deviation fails on a constant one.
  constexpr double kQuiet = 0.01;
  std::vector<float> windows(batch * bins, silence);
  for (std::size_t b = 0; b < batch; ++b) {
    const double size = b == 0 ? kQuiet : 1.0;
    const double frequency = 0.37 * static_cast<double>(std::max(b, std::size_t{1}));
    for (std::size_t i = 0; i < bins; ++i) {
      const double ripple = 1.0 + std::sin(frequency * static_cast<double>(i));
      windows[b * bins + i] += static_cast<float>(size * ripple);
    }
  }
  return windows;
}

double relative_difference(const ModelOutputs& a, std::size_t row_a, const ModelOutputs& b,
                           std::size_t row_b) {
  if (a.embedding.columns != b.embedding.columns ||
      a.class_scores.columns != b.class_scores.columns) {
    return std::numeric_limits<double>::infinity();
  }
  return std::max(relative_difference(a.embedding.row(row_a), b.embedding.row(row_b)),
                  relative_difference(a.class_scores.row(row_a), b.class_scores.row(row_b)));
}

double relative_difference(const ModelOutputs& a, const ModelOutputs& b) {
  if (a.embedding.rows != b.embedding.rows) return std::numeric_limits<double>::infinity();
  double difference = 0.0;
  for (std::size_t row = 0; row < a.embedding.rows; ++row) {
    difference = std::max(difference, relative_difference(a, row, b, row));
  }
  return difference;
}

}  // namespace relax_spectro::core
