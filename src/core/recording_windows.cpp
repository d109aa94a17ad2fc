#include "relax_spectro/recording_windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

std::size_t hop_frames_of(const WindowOptions& options, const ModelCard& card) {
  if (!options.hop_s) return card.input.hop_frames;
  const auto window_frames = card.input.window_frames;
  const double frame_s =
      static_cast<double>(card.front_end.hop_samples) / card.front_end.sample_rate_hz;
  const double frames = std::round(*options.hop_s / frame_s);
  if (!(frames >= 1.0 && frames <= static_cast<double>(window_frames))) {
    throw ConfigError(fmt::format(
        "--hop is {} s; expected {:.4g} s (one frame) to {:.4g} s (one window), so that no moment "
        "is left out",
        *options.hop_s, frame_s, static_cast<double>(window_frames) * frame_s));
  }
  return static_cast<std::size_t>(frames);
}

double seconds_of(std::size_t frames, const ModelCard& card) {
  return static_cast<double>(frames * card.front_end.hop_samples) / card.front_end.sample_rate_hz;
}

}  // namespace

double resolved_hop_s(const WindowOptions& options, const ModelCard& card) {
  return seconds_of(hop_frames_of(options, card), card);
}

RecordingWindows cut_recording(const ModelCard& card, const Audio& audio,
                               const WindowOptions& options) {
  const FrontEnd front_end(card.front_end);
  const std::size_t needed = card.input.variable_length ? 1 : card.input.window_frames;
  RecordingWindows recording;
  recording.spectrogram = front_end(audio, needed);
  if (recording.spectrogram.padded_frames > 0) {
    recording.warnings.push_back(fmt::format(
        "the recording ({:.3f} s) is shorter than the model's window ({:.3f} s): it was padded at "
        "its end with digital silence",
        audio.duration_s(), front_end.duration_s(needed)));
  }
  const std::size_t frames = recording.spectrogram.values.columns;
  const std::size_t window_frames = std::min(card.input.window_frames, frames);
  const std::size_t hop_frames = hop_frames_of(options, card);
  recording.hop_s = seconds_of(hop_frames, card);
  recording.windows = cut_windows(frames, window_frames, hop_frames, options.tail);
  return recording;
}

}  // namespace relax_spectro
