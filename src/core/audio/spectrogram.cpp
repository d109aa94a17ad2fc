#include "relax_spectro/audio/spectrogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

/// What is subtracted from levels, and what divides them.
std::pair<double, double> centre_and_size(std::span<const double> levels, WindowNorm norm) {
  if (norm == WindowNorm::none) return {0.0, 1.0};
  if (norm == WindowNorm::largest) return {*std::ranges::max_element(levels), 1.0};
  const auto count = static_cast<double>(levels.size());
  const double mean = std::accumulate(levels.begin(), levels.end(), 0.0) / count;
  double squares = 0.0;
  for (const double level : levels) squares += (level - mean) * (level - mean);
  const double deviation = std::sqrt(squares / count);
  constexpr double kRounding = 1e-6;  // of levels in float: no deviation
  return {mean, deviation > kRounding * std::abs(mean) ? deviation : 1.0};
}

}  // namespace

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

NetworkWindow network_window(const Spectrogram& spectrogram, FrameRange range) {
  const WindowLevels& how = spectrogram.levels;
  NetworkWindow window{copy_frames(spectrogram, range), spectrogram.silence};
  if (!how.change_windows()) return window;
  std::vector<double> levels;
  for (const float value : window.values.values) {
    levels.push_back(static_cast<double>(value) * how.divide + how.subtract);
  }
  double silence = static_cast<double>(window.silence) * how.divide + how.subtract;
  if (how.range > 0.0) {
    const double least = *std::ranges::max_element(levels) - how.range;
    for (double& level : levels) level = std::max(level, least);
    silence = std::max(silence, least);
  }
  const auto [centre, size] = centre_and_size(levels, how.norm);
  const auto value_of = [&how, centre = centre, size = size](double level) {
    return static_cast<float>(((level - centre) / size - how.subtract) / how.divide);
  };
  std::ranges::transform(levels, window.values.values.begin(), value_of);
  window.silence = value_of(silence);
  return window;
}

Array2d<float> copy_frames(const Spectrogram& spectrogram, FrameRange range) {
  const auto own = std::ranges::find(spectrogram.windows, range, &OwnWindow::frames);
  if (own != spectrogram.windows.end()) return own->values;
  Array2d<float> window(spectrogram.values.rows, range.count);
  for (std::size_t band = 0; band < window.rows; ++band) {
    const auto source = spectrogram.values.row(band).subspan(range.begin, range.count);
    std::copy(source.begin(), source.end(), window.row(band).begin());
  }
  return window;
}

}  // namespace relax_spectro
