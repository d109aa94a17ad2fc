#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

struct WindowOptions {
  std::optional<double> hop_s;  ///< from window to window; without it, the card's hop
  Tail tail = Tail::cover;
};

/// A recording as a model sees it: its spectrogram, and the windows for the network.
struct RecordingWindows {
  Spectrogram spectrogram;
  std::vector<FrameRange> windows;  ///< never empty
  double hop_s = 0.0;               ///< from window to window, as resolved
  std::vector<std::string> warnings;
};

/// The hop from window to window: the card's, or the requested one rounded to frames.
/// @throws ConfigError  the hop is less than a frame or more than a window.
[[nodiscard]] double resolved_hop_s(const WindowOptions& options, const ModelCard& card);

/// The windows into which cut_recording() would cut a recording of this duration.
/// @throws ConfigError  the hop is less than a frame or more than a window.
/// @throws AudioError   it has more than kMostSamples at the model's rate.
[[nodiscard]] std::vector<FrameRange> windows_of(const ModelCard& card, double duration_s,
                                                 const WindowOptions& options);

/// Runs the card's front end over the whole recording, and cuts the result into the card's windows.
/// A network that takes the waveform makes the spectrogram of each window itself: the model is
/// needed.
///
/// A last window is dropped if it starts within one analysis window (e.g. 25 ms) of the previous
/// one. So a recording with the length of the model's window gives one window in spite of padding.
///
/// A recording shorter than one window is padded at its end with digital silence, with a warning.
/// If the card says variable_length, its whole length is the window instead. Other warnings: bands
/// of the model above half of the recording's sample rate, sound above the model's bands, and the
/// recording's own warnings.
/// @throws ConfigError  the hop is less than a frame or more than a window.
/// @throws ModelError   the network's own front end fails.
[[nodiscard]] RecordingWindows cut_recording(Model& model, const Audio& audio,
                                             const WindowOptions& options);

/// The same for a model with a log-mel front end.
/// @throws ConfigError  also if the model takes the waveform.
[[nodiscard]] RecordingWindows cut_recording(const ModelCard& card, const Audio& audio,
                                             const WindowOptions& options);

}  // namespace relax_spectro
