#pragma once

#include <cstddef>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// What is taken from the values of each window, so that its own level does not matter.
enum class WindowNorm {
  none,
  mean_deviation,  ///< the window's mean is subtracted, then its standard deviation divides
  largest,         ///< the window's largest value is subtracted
};

/// How a network's window follows from the levels scale * log(...), by that window alone.
struct WindowLevels {
  double range = 0.0;  ///< lower levels become the window's largest minus this; 0: none do
  WindowNorm norm = WindowNorm::none;
  double subtract = 0.0;  ///< value = (level - subtract) / divide
  double divide = 1.0;

  /// Whether a window differs from that part of the spectrogram.
  [[nodiscard]] bool change_windows() const { return range > 0.0 || norm != WindowNorm::none; }
};

/// Frames [begin, begin + count) of a spectrogram.
struct FrameRange {
  std::size_t begin = 0;
  std::size_t count = 0;

  friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

/// A window that a network's own front end computed by itself. Where it overlaps others, its values
/// can differ from theirs.
struct OwnWindow {
  FrameRange frames;
  Array2d<float> values;  ///< [frequency, frames.count]
};

/// The input that a model's front end makes of a recording, with its axes.
struct Spectrogram {
  Array2d<float> values;             ///< [frequency, time], in the model's normalised units
  std::vector<double> frequency_hz;  ///< centre of each band, ascending
  std::vector<double> time_s;        ///< centre of each frame, from the start of the recording
  float silence = 0.0F;              ///< the value that digital silence has
  std::size_t padded_frames = 0;     ///< frames at the end that contain only padding
  WindowLevels levels{};             ///< what network_window() does
  std::vector<OwnWindow> windows{};  ///< only of a network's own front end
};

/// What happens to frames after the last whole window.
enum class Tail {
  cover,  ///< one more window, flush with the end and overlapping its neighbour
  drop,   ///< they are left out, as in VGGish's own framing
};

/// Cuts `frames` frames into windows of `window_frames`, one every `hop_frames`. There is no window
/// if there are fewer frames than one window needs. FrontEnd's min_frames prevents this.
/// @throws ConfigError  the window or the hop is zero.
[[nodiscard]] std::vector<FrameRange> cut_windows(std::size_t frames, std::size_t window_frames,
                                                  std::size_t hop_frames, Tail tail = Tail::cover);

/// Whether a value is digital silence, to within rounding and resampling errors.
[[nodiscard]] bool is_silent(float value, float silence);

/// The number of frames in `range` that are digital silence in every band.
[[nodiscard]] std::size_t silent_frames(const Spectrogram& spectrogram, FrameRange range);

/// Copies the frames of `range`: [frequency, range.count]. If `range` is one of the spectrogram's
/// own windows, they are that window's values.
[[nodiscard]] Array2d<float> copy_frames(const Spectrogram& spectrogram, FrameRange range);

/// A window as the network gets it. Masks come after this.
struct NetworkWindow {
  Array2d<float> values;  ///< [frequency, time]
  float silence = 0.0F;   ///< the value that digital silence has in it
};

/// The frames of `range`, by the levels of that window alone: first the range, then the norm. A
/// window without deviation becomes 0 by WindowNorm::mean_deviation.
[[nodiscard]] NetworkWindow network_window(const Spectrogram& spectrogram, FrameRange range);

}  // namespace relax_spectro
