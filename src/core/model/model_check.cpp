#include "model/model_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "model/probe_windows.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// Batch sizes select different convolution kernels, so the last digits may differ.
double tolerance_of(Precision precision) { return std::max(1e-3, 16.0 * rounding_of(precision)); }

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
  throw ModelError(fmt::format("{}: {}", path.string(), why));
}

/// A wrong `variable_length` would otherwise show only with the first short recording.
void check_length(Model& model, const std::filesystem::path& path) {
  const std::size_t frames = model.card().input.window_frames;
  const std::size_t fewer = (frames + 1) / 2;
  std::vector<float> window = probe_windows(model.card(), 1, fewer);
  try {
    static_cast<void>(model.forward(window, 1, fewer));
  } catch (const ModelError& error) {
    refuse(path, fmt::format("its card says variable_length, but the network takes no window of {} "
                             "frames in place of {}. Write \"variable_length\": false. ({})",
                             fewer, frames, error.what()));
  }
}

}  // namespace

void check_model(Model& model, const std::filesystem::path& model_path, Precision precision) {
  const double tolerance = tolerance_of(precision);
  const ModelCard& card = model.card();
  const std::size_t frames = card.input.window_frames;
  constexpr std::size_t kBatch = 2;
  const std::vector<float> windows = probe_windows(card, kBatch, frames);
  const auto run_last = [&](std::size_t count) {
    std::vector<float> copy(
        windows.end() - static_cast<std::ptrdiff_t>(count * (windows.size() / kBatch)),
        windows.end());
    return model.forward(copy, count, frames);
  };
  const ModelOutputs first = run_last(kBatch);
  const double alone = relative_difference(first, kBatch - 1, run_last(1), 0);
  if (alone > tolerance) {
    const double repeated = relative_difference(first, run_last(kBatch));
    if (repeated > tolerance) {
      refuse(model_path,
             fmt::format("gives another output for the same window the second time (difference "
                         "{:.2g} of its size): it keeps state or is random. "
                         "Expected a model whose output depends only on its input: "
                         "export it in eval mode, without state",
                         repeated));
    }
    refuse(
        model_path,
        fmt::format("gives another output for a window alone than for the same window in a batch "
                    "of {} (difference {:.2g} of its size). Expected windows that do not depend "
                    "on each other: export the model in eval mode",
                    kBatch, alone));
  }
  if (card.input.variable_length) check_length(model, model_path);
  if (card.class_scores && !card.labels.empty() &&
      first.class_scores.columns != card.labels.size()) {
    refuse(model_path, fmt::format("gives {} class scores, but its card has {} labels; expected as "
                                   "many labels as scores",
                                   first.class_scores.columns, card.labels.size()));
  }
}

}  // namespace relax_spectro::core
