#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

struct WindowOptions {
  std::optional<double> hop_s;  ///< from window to window; without it the card's
  Tail tail = Tail::cover;
};

/// A recording as a model sees it: its spectrogram, and the windows that go through the network.
struct RecordingWindows {
  Spectrogram spectrogram;
  std::vector<FrameRange> windows;  ///< never empty
  double hop_s = 0.0;               ///< from window to window, as it was resolved
  std::vector<std::string> warnings;
};

/// From window to window, in seconds: the card's hop, or the one asked for to a whole frame.
/// @throws ConfigError  the hop is less than a frame or more than a window.
[[nodiscard]] double resolved_hop_s(const WindowOptions& options, const ModelCard& card);

/// The windows that a recording of so many seconds is cut into by cut_recording().
/// @throws ConfigError  the hop is less than a frame or more than a window.
/// @throws AudioError   it has more than kMostSamples at the model's rate.
[[nodiscard]] std::vector<FrameRange> windows_of(const ModelCard& card, double duration_s,
                                                 const WindowOptions& options);

/// Runs the card's front end over the whole recording and cuts it into the card's windows.
///
/// A last window that would begin within an analysis window (25 ms, say) of the one before it is
/// left out: a recording as long as the model's window is one window, whatever padding adds.
///
/// A recording shorter than one window is padded at its end with digital silence, and a warning
/// says so; unless the card says variable_length: then its own length is its one window. Others say
/// which of the model's bands lie above half of the recording's sample rate, that much of the
/// recording lies above the model's bands, and what the recording's own warnings say.
/// @throws ConfigError  the hop is less than a frame or more than a window.
[[nodiscard]] RecordingWindows cut_recording(const ModelCard& card, const Audio& audio,
                                             const WindowOptions& options);

}  // namespace relax_spectro
