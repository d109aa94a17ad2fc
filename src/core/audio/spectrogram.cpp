#include "relax_spectro/audio/spectrogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

std::vector<FrameRange> cut_windows(std::size_t frames, std::size_t window_frames,
                                    std::size_t hop_frames, Tail tail) {
  if (window_frames == 0 || hop_frames == 0) {
    throw ConfigError(fmt::format("a window of {} frames every {} frames: both must be at least 1",
                                  window_frames, hop_frames));
  }
  std::vector<FrameRange> windows;
  if (frames < window_frames) return windows;
  for (std::size_t begin = 0; begin + window_frames <= frames; begin += hop_frames) {
    windows.push_back({begin, window_frames});
  }
  const std::size_t last_begin = frames - window_frames;
  if (tail == Tail::cover && windows.back().begin < last_begin) {
    windows.push_back({last_begin, window_frames});
  }
  return windows;
}

bool is_silent(float value, float silence) {
  constexpr float kRounding = 1e-4F;
  return std::abs(value - silence) <= kRounding * std::abs(silence);
}

std::size_t silent_frames(const Spectrogram& spectrogram, FrameRange range) {
  std::size_t count = 0;
  for (std::size_t t = range.begin; t < range.begin + range.count; ++t) {
    std::size_t band = 0;
    while (band < spectrogram.values.rows &&
           is_silent(spectrogram.values(band, t), spectrogram.silence)) {
      ++band;
    }
    if (band == spectrogram.values.rows) ++count;
  }
  return count;
}

Array2d<float> copy_frames(const Spectrogram& spectrogram, FrameRange range) {
  Array2d<float> window(spectrogram.values.rows, range.count);
  for (std::size_t band = 0; band < window.rows; ++band) {
    const auto source = spectrogram.values.row(band).subspan(range.begin, range.count);
    std::copy(source.begin(), source.end(), window.row(band).begin());
  }
  return window;
}

}  // namespace relax_spectro
