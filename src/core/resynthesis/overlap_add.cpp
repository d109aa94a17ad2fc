#include "resynthesis/overlap_add.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audio/real_transform.hpp"

namespace relax_spectro {
namespace {

std::vector<double> hann_window(std::size_t count) {
  std::vector<double> values(count);
  for (std::size_t n = 0; n < count; ++n) {
    values[n] = 0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n) /
                                     static_cast<double>(count));
  }
  return values;
}

/// The sum of all squared windows over each sample of a hop.
std::vector<double> sums_of_squares(const std::vector<double>& window, std::size_t hop) {
  std::vector<double> sums(hop);
  for (std::size_t n = 0; n < window.size(); ++n) sums[n % hop] += window[n] * window[n];
  return sums;
}

}  // namespace

std::vector<float> overlap_added(std::span<const float> samples, const OverlapAddShape& shape,
                                 const GainsAt& gains_at) {
  const core::RealTransform fourier(shape.fft);
  const std::span<double> frame(fourier.signal(), shape.fft);
  const std::vector<double> window = hann_window(shape.window);
  const std::vector<double> squares = sums_of_squares(window, shape.hop);
  const auto count = static_cast<std::ptrdiff_t>(samples.size());
  const auto hop = static_cast<std::ptrdiff_t>(shape.hop);
  const auto half = static_cast<std::ptrdiff_t>(shape.window / 2);
  std::vector<double> sums(shape.window);  // of the frames so far, from the current one's start
  std::vector<double> gains(shape.fft / 2 + 1);
  std::vector<float> result(samples.size());
  // One frame has its centre at the first sample.
  for (std::ptrdiff_t begin = -half - (half - 1) / hop * hop; begin < count; begin += hop) {
    std::ranges::fill(frame, 0.0);
    for (std::size_t n = 0; n < shape.window; ++n) {
      const std::ptrdiff_t place = begin + static_cast<std::ptrdiff_t>(n);
      if (place < 0 || place >= count) continue;
      frame[n] = window[n] * static_cast<double>(samples[static_cast<std::size_t>(place)]);
    }
    fourier.forward();
    gains_at(static_cast<double>(begin + half), gains);
    for (std::size_t bin = 0; bin < gains.size(); ++bin) {
      fourier.spectrum()[bin][0] *= gains[bin];
      fourier.spectrum()[bin][1] *= gains[bin];
    }
    fourier.inverse();
    for (std::size_t n = 0; n < shape.window; ++n) sums[n] += window[n] * frame[n];
    for (std::ptrdiff_t n = std::max<std::ptrdiff_t>(0, -begin); n < std::min(hop, count - begin);
         ++n) {
      const auto at = static_cast<std::size_t>(n);
      result[static_cast<std::size_t>(begin + n)] =
          static_cast<float>(sums[at] / (squares[at] * static_cast<double>(shape.fft)));
    }
    std::ranges::copy(sums.begin() + hop, sums.end(), sums.begin());
    std::fill(sums.end() - hop, sums.end(), 0.0);
  }
  return result;
}

}  // namespace relax_spectro
