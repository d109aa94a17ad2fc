#include "audio/band_sweep.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// Each sweep fills a window and covers a part of the range, and a little more on both sides,
// because the first and last frames contain only a part of it.
constexpr std::size_t kSweeps = 16;
constexpr double kMargin = 0.15;

/// The frequency of sweep `index` at a part of its window, 0 to 1. Below 0 and above half the
/// sample rate it folds back, as sound does.
double frequency_at(std::size_t index, double part, double nyquist_hz) {
  const double place = static_cast<double>(index) - kMargin + (1.0 + 2.0 * kMargin) * part;
  const double hz = std::abs(place * nyquist_hz / kSweeps);
  return hz > nyquist_hz ? 2.0 * nyquist_hz - hz : hz;
}

std::vector<float> sweep(std::size_t index, double nyquist_hz, std::size_t samples,
                         double sample_rate_hz) {
  std::vector<float> sound(samples);
  double phase = 0.0;
  for (std::size_t i = 0; i < samples; ++i) {
    sound[i] = static_cast<float>(0.5 * std::sin(phase));
    const double part = static_cast<double>(i) / static_cast<double>(samples);
    const double place = static_cast<double>(index) - kMargin + (1.0 + 2.0 * kMargin) * part;
    phase += 2.0 * std::numbers::pi * place * nyquist_hz / kSweeps / sample_rate_hz;
  }
  return sound;
}

/// A band's responses: frequency and height.
using Responses = std::vector<std::pair<double, double>>;

struct BandPeak {
  double hz = 0.0;
  double height = 0.0;
  double spread_hz = 0.0;
};

/// The mean frequency of the responses near the highest.
BandPeak peak_of(const Responses& responses) {
  constexpr double kNear = 0.95;
  BandPeak peak;
  for (const auto& [hz, height] : responses) peak.height = std::max(peak.height, height);
  double weights = 0.0;
  double squares = 0.0;
  for (const auto& [hz, height] : responses) {
    const double weight = std::max(height - kNear * peak.height, 0.0);
    weights += weight;
    peak.hz += weight * hz;
    squares += weight * hz * hz;
  }
  if (weights <= 0.0) return {};
  peak.hz /= weights;
  peak.spread_hz = std::sqrt(std::max(squares / weights - peak.hz * peak.hz, 0.0));
  return peak;
}

/// The nearest sequence that never falls, by pooling neighbours that do.
std::vector<double> never_falling(const std::vector<double>& values) {
  std::vector<std::pair<double, std::size_t>> pools;  // mean and number
  for (const double value : values) {
    pools.emplace_back(value, 1);
    while (pools.size() > 1 && pools[pools.size() - 2].first > pools.back().first) {
      const auto [mean, count] = pools.back();
      pools.pop_back();
      auto& [before, others] = pools.back();
      before = (before * static_cast<double>(others) + mean * static_cast<double>(count)) /
               static_cast<double>(others + count);
      others += count;
    }
  }
  std::vector<double> result;
  for (const auto& [mean, count] : pools) result.insert(result.end(), count, mean);
  return result;
}

/// Spreads bands with one frequency evenly to halfway to their neighbours. Rounded to 0.01 Hz.
std::vector<double> ascending(const std::vector<double>& centres, double nyquist_hz) {
  std::vector<double> result(centres.size());
  for (std::size_t begin = 0; begin < centres.size();) {
    std::size_t end = begin;
    while (end < centres.size() && centres[end] == centres[begin]) ++end;
    const double centre = centres[begin];
    const double below = begin == 0 ? 0.0 : (result[begin - 1] + centre) / 2.0;
    const double above = end == centres.size() ? nyquist_hz : (centre + centres[end]) / 2.0;
    const auto count = static_cast<double>(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      const double part = (static_cast<double>(i - begin) + 0.5) / count;
      result[i] = end - begin == 1 ? centre : std::lerp(below, above, part);
    }
    begin = end;
  }
  for (double& hz : result) hz = std::round(hz * 100.0) / 100.0;
  for (std::size_t i = 1; i < result.size(); ++i)
    result[i] = std::max(result[i], result[i - 1] + 0.01);
  return result;
}

}  // namespace

std::vector<double> measure_bands(const WindowTensor& tensor, const SweptSpectrogram& swept) {
  const double nyquist_hz = swept.sample_rate_hz / 2.0;
  std::vector<Responses> responses;
  for (std::size_t index = 0; index < kSweeps; ++index) {
    const Array2d<float> values =
        tensor(sweep(index, nyquist_hz, swept.window_samples, swept.sample_rate_hz));
    responses.resize(values.rows);
    for (std::size_t t = 0; t < values.columns; ++t) {
      const double part =
          swept.second_of(t) * swept.sample_rate_hz / static_cast<double>(swept.window_samples);
      if (part < kMargin / 2.0 || part > 1.0 - kMargin / 2.0) continue;
      const double hz = frequency_at(index, part, nyquist_hz);
      for (std::size_t band = 0; band < values.rows; ++band) {
        responses[band].emplace_back(hz, std::abs(static_cast<double>(values(band, t)) -
                                                  static_cast<double>(swept.silence)));
      }
    }
  }
  std::vector<BandPeak> peaks;
  double highest = 0.0;
  for (const Responses& band : responses) {
    peaks.push_back(peak_of(band));
    highest = std::max(highest, peaks.back().height);
  }
  // Bands that hear nothing take no part, and lie between those that do.
  constexpr double kHeard = 1e-3;
  constexpr double kSharp = 0.15;  // of the range
  std::vector<std::size_t> heard;
  std::vector<double> heard_hz;
  for (std::size_t band = 0; band < peaks.size(); ++band) {
    if (!(peaks[band].height > kHeard * highest) || peaks[band].spread_hz > kSharp * nyquist_hz) {
      continue;
    }
    heard.push_back(band);
    heard_hz.push_back(peaks[band].hz);
  }
  const std::vector<double> risen = never_falling(heard_hz);
  const char* const unclear = "its bands do not each respond to a frequency of their own";
  if (heard.size() * 2 < peaks.size()) throw ConfigError(unclear);
  constexpr double kDisorder = 0.01;  // of the range
  for (std::size_t i = 0; i < risen.size(); ++i) {
    if (std::abs(risen[i] - heard_hz[i]) > kDisorder * nyquist_hz) {
      throw ConfigError("its bands are not in the ascending order of their frequencies");
    }
  }
  if (std::set(risen.begin(), risen.end()).size() * 2 < risen.size()) throw ConfigError(unclear);
  std::vector<double> centres(peaks.size());
  for (std::size_t band = 0; band < centres.size(); ++band) {
    const auto next =
        static_cast<std::size_t>(std::ranges::lower_bound(heard, band) - heard.begin());
    centres[band] = risen[std::min(next, risen.size() - 1)];
  }
  return ascending(centres, nyquist_hz);
}

void set_bands(FrontEndConfig& front_end, std::vector<double> centres_hz) {
  const std::size_t last = centres_hz.size() - 1;
  const double nyquist_hz = front_end.sample_rate_hz / 2.0;
  front_end.low_hz = std::max(0.0, 2.0 * centres_hz[0] - centres_hz[1]);
  front_end.high_hz = std::min(nyquist_hz, 2.0 * centres_hz[last] - centres_hz[last - 1]);
  front_end.high_hz = std::max(front_end.high_hz, centres_hz[last]);
  front_end.own->frequency_hz = std::move(centres_hz);
}

}  // namespace relax_spectro::core
