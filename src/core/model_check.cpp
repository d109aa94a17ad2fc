#include "model_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "relax_spectro/error.hpp"

namespace relax_spectro::core {
namespace {

// Different batch sizes take different convolution kernels: the last digits move, no more.
constexpr double kTolerance = 1e-3;

/// Windows of the front end's range, each different: waves above the silence level.
std::vector<float> probe_windows(const ModelCard& card, std::size_t batch) {
  const std::size_t bins = card.front_end.bands * card.input.window_frames;
  const float silence = silence_level(card.front_end);
  std::vector<float> windows(batch * bins, silence);
  for (std::size_t b = 1; b < batch; ++b) {
    for (std::size_t i = 0; i < bins; ++i) {
      const double phase = 0.37 * static_cast<double>(i) * static_cast<double>(b);
      windows[b * bins + i] += static_cast<float>(1.0 + std::sin(phase));
    }
  }
  return windows;
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw ModelError(fmt::format("{}: {}", path.string(), why));
}

/// The largest difference of one row of two outputs, over the largest size of either.
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

/// As above, for all that a model gives; infinite where even the sizes differ.
double relative_difference(const ModelOutputs& a, std::size_t row_a, const ModelOutputs& b,
                           std::size_t row_b) {
  if (a.embedding.columns != b.embedding.columns ||
      a.class_scores.columns != b.class_scores.columns) {
    return std::numeric_limits<double>::infinity();
  }
  return std::max(relative_difference(a.embedding.row(row_a), b.embedding.row(row_b)),
                  relative_difference(a.class_scores.row(row_a), b.class_scores.row(row_b)));
}

}  // namespace

void check_model(Model& model, const std::filesystem::path& model_path) {
  const ModelCard& card = model.card();
  const std::size_t frames = card.input.window_frames;
  constexpr std::size_t kBatch = 3;
  const std::vector<float> windows = probe_windows(card, kBatch);
  const auto last = std::span(windows).last(windows.size() / kBatch);

  const ModelOutputs first = model.forward(windows, kBatch, frames);
  const ModelOutputs again = model.forward(windows, kBatch, frames);
  for (std::size_t row = 0; row < kBatch; ++row) {
    const double difference = relative_difference(first, row, again, row);
    if (difference > kTolerance) {
      refuse(model_path,
             fmt::format("gives another output for the same window the second time (difference "
                         "{:.2g} of its size): it keeps state or is random. Expected a model whose "
                         "output depends on its input alone: export it in eval mode, without state",
                         difference));
    }
  }
  const ModelOutputs alone = model.forward(last, 1, frames);
  const double difference = relative_difference(first, kBatch - 1, alone, 0);
  if (difference > kTolerance) {
    refuse(
        model_path,
        fmt::format("gives another output for a window alone than for the same window in a batch "
                    "of {} (difference {:.2g} of its size). Expected windows that do not depend "
                    "on each other: export the model in eval mode",
                    kBatch, difference));
  }
  if (card.class_scores && !card.labels.empty() &&
      first.class_scores.columns != card.labels.size()) {
    refuse(model_path, fmt::format("gives {} class scores, but its card has {} labels; expected as "
                                   "many labels as scores",
                                   first.class_scores.columns, card.labels.size()));
  }
}

}  // namespace relax_spectro::core
