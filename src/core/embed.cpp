#include "relax_spectro/embed.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

void append_rows(Array2d<float>& all, const Array2d<float>& rows) {
  if (all.rows > 0 && all.columns != rows.columns) {
    throw ModelError(
        fmt::format("one batch of windows gave {} numbers a window, the next {}; "
                    "expected as many",
                    all.columns, rows.columns));
  }
  all.columns = rows.columns;
  all.rows += rows.rows;
  all.values.insert(all.values.end(), rows.values.begin(), rows.values.end());
}

}  // namespace

Embeddings embed(Model& model, const Audio& audio, const WindowOptions& options,
                 std::size_t batch_size) {
  if (batch_size == 0) throw ConfigError("--batch-size is 0; expected 1 or more");
  RecordingWindows recording = cut_recording(model.card(), audio, options);
  const std::vector<FrameRange>& windows = recording.windows;
  Embeddings result;
  result.warnings = std::move(recording.warnings);
  for (std::size_t begin = 0; begin < windows.size(); begin += batch_size) {
    const std::size_t end = std::min(begin + batch_size, windows.size());
    std::vector<float> batch;
    for (std::size_t w = begin; w < end; ++w) {
      const Array2d<float> window = copy_frames(recording.spectrogram, windows[w]);
      batch.insert(batch.end(), window.values.begin(), window.values.end());
      result.first_frame_s.push_back(recording.spectrogram.time_s[windows[w].begin]);
      result.last_frame_s.push_back(
          recording.spectrogram.time_s[windows[w].begin + windows[w].count - 1]);
    }
    const ModelOutputs outputs = model.forward(batch, end - begin, windows[begin].count);
    append_rows(result.embedding, outputs.embedding);
    append_rows(result.class_scores, outputs.class_scores);
  }
  return result;
}

}  // namespace relax_spectro
