#include "occlusion/embed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

void append_rows(Array2d<float>& all, const Array2d<float>& rows) {
  if (all.rows > 0 && all.columns != rows.columns) {
    throw ModelError(
        fmt::format("one batch of windows gave {} numbers a window, the next {}; "
                    "expected the same number",
                    all.columns, rows.columns));
  }
  all.columns = rows.columns;
  all.rows += rows.rows;
  all.values.insert(all.values.end(), rows.values.begin(), rows.values.end());
}

/// The mean and the standard deviation over time of each band, as a row.
Array2d<float> band_row(const Array2d<float>& window) {
  Array2d<float> row(1, 2 * window.rows);
  const auto frames = static_cast<double>(window.columns);
  for (std::size_t band = 0; band < window.rows; ++band) {
    double sum = 0.0;
    for (const float value : window.row(band)) sum += static_cast<double>(value);
    const double mean = sum / frames;
    double squares = 0.0;
    for (const float value : window.row(band)) {
      squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
    }
    row(0, band) = static_cast<float>(mean);
    row(0, window.rows + band) = static_cast<float>(std::sqrt(squares / frames));
  }
  return row;
}

}  // namespace

ModelOutputs run_all(Engine& engine, const WindowSource& windows) {
  std::mutex mutex;
  std::map<std::size_t, ModelOutputs> batches;  // by the number of their first window
  engine.begin(windows.count);
  engine.run(windows, [&](std::size_t begin, const ModelOutputs& outputs) {
    const std::lock_guard lock(mutex);
    batches[begin] = outputs;
  });
  ModelOutputs all;
  for (const auto& [begin, outputs] : batches) {
    append_rows(all.embedding, outputs.embedding);
    append_rows(all.class_scores, outputs.class_scores);
  }
  return all;
}

Embeddings embed(Engine& engine, const Audio& audio, const WindowOptions& options,
                 const ChangeWindow& change) {
  RecordingWindows recording = cut_recording(engine.model(), audio, options);
  const Spectrogram& spectrogram = recording.spectrogram;
  const std::vector<FrameRange>& ranges = recording.windows;
  const auto input_of = [&](FrameRange range) {
    NetworkWindow window = network_window(spectrogram, range);
    return change ? change(window) : std::move(window.values);
  };
  Embeddings result;
  result.warnings = std::move(recording.warnings);
  for (const FrameRange range : ranges) {
    result.first_frame_s.push_back(spectrogram.time_s[range.begin]);
    result.last_frame_s.push_back(spectrogram.time_s[range.begin + range.count - 1]);
    append_rows(result.bands, band_row(input_of(range)));
  }
  if (ranges.empty()) return result;
  ModelOutputs outputs = run_all(
      engine,
      {ranges.size(), ranges.front().count, [&](std::size_t index, std::span<float> window) {
         std::ranges::copy(input_of(ranges[index]).values, window.begin());
       }});
  result.embedding = std::move(outputs.embedding);
  result.class_scores = std::move(outputs.class_scores);
  return result;
}

ModelOutputs mean_embedding(Engine& engine, const Audio& audio, const WindowOptions& options) {
  const Embeddings rows = embed(engine, audio, options);
  ModelOutputs outputs{Array2d<float>(1, rows.embedding.columns), Array2d<float>(1, 0)};
  for (std::size_t i = 0; i < rows.embedding.columns; ++i) {
    double sum = 0.0;
    for (std::size_t w = 0; w < rows.embedding.rows; ++w) {
      sum += static_cast<double>(rows.embedding(w, i));
    }
    outputs.embedding(0, i) = static_cast<float>(sum / static_cast<double>(rows.embedding.rows));
  }
  return outputs;
}

}  // namespace relax_spectro
