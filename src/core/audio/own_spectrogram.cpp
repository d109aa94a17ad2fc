#include "audio/own_spectrogram.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include "audio/band_sweep.hpp"
#include "base/draw_stream.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

/// The value of digital silence. @throws ConfigError  it is not one finite number.
float silence_of(const Array2d<float>& zeros) {
  const auto [low, high] = std::ranges::minmax(zeros.values);
  if (!std::ranges::all_of(zeros.values, [](float value) { return std::isfinite(value); })) {
    throw ConfigError("digital silence gives NaN or infinity");
  }
  if (!is_silent(low, high) && high - low > 1e-6F) {
    throw ConfigError(
        fmt::format("digital silence gives {:.4g} to {:.4g}, not one value", low, high));
  }
  return low;
}

/// How far each frame is from silence, summed over the bands.
std::vector<double> distance_by_frame(const Array2d<float>& values, float silence,
                                      bool time_first) {
  std::vector<double> sums(time_first ? values.rows : values.columns);
  for (std::size_t row = 0; row < values.rows; ++row) {
    for (std::size_t column = 0; column < values.columns; ++column) {
      sums[time_first ? row : column] +=
          std::abs(static_cast<double>(values(row, column)) - silence);
    }
  }
  return sums;
}

/// Where on an axis a click shows.
struct ClickPlace {
  double centre = 0.0;     ///< in frames
  std::size_t width = 0;   ///< frames that it changes at all
  bool is_narrow = false;  ///< half of its height or more is near one place
};

ClickPlace place_of(const std::vector<double>& heights) {
  const double highest = *std::ranges::max_element(heights);
  ClickPlace place;
  double weights = 0.0;
  std::size_t first = heights.size();
  std::size_t last = 0;
  for (std::size_t t = 0; t < heights.size(); ++t) {
    if (heights[t] > 1e-3 * highest) ++place.width;
    if (heights[t] < 0.5 * highest) continue;
    first = std::min(first, t);
    last = t;
    place.centre += heights[t] * static_cast<double>(t);
    weights += heights[t];
  }
  place.centre /= std::max(weights, std::numeric_limits<double>::min());
  place.is_narrow = highest > 0.0 && (last - std::min(first, last)) * 4 < heights.size();
  return place;
}

Array2d<float> transposed(const Array2d<float>& values) {
  Array2d<float> turned(values.columns, values.rows);
  for (std::size_t row = 0; row < values.rows; ++row) {
    for (std::size_t column = 0; column < values.columns; ++column) {
      turned(column, row) = values(row, column);
    }
  }
  return turned;
}

std::vector<float> noise_at(std::size_t begin, std::size_t count, std::size_t length) {
  std::vector<float> samples(length);
  DrawStream draws(1, 0, DrawsFor::probe_sound);
  for (std::size_t i = 0; i < count; i += 2) {
    const auto pair = normal_pair(draws);
    for (std::size_t k = i; k < std::min(i + 2, count) && begin + k < length; ++k) {
      samples[begin + k] = static_cast<float>(0.1 * pair[k - i]);
    }
  }
  return samples;
}

/// Frames along time: seconds = first + hop * frame.
struct TimeAxis {
  double first_samples = 0.0;
  std::size_t hop_samples = 0;
  std::size_t click_frames = 0;
};

class Measurement {
 public:
  Measurement(const WindowTensor& tensor, std::size_t window_samples, const FrontEndConfig& given)
      : tensor_(tensor), window_samples_(window_samples), given_(given) {}

  MeasuredSpectrogram run();

 private:
  [[nodiscard]] std::optional<TimeAxis> time_axis(bool time_first) const;
  [[nodiscard]] Array2d<float> upright(std::span<const float> samples) const;
  [[nodiscard]] std::size_t exact_hop(double about) const;
  [[nodiscard]] bool is_local() const;
  [[nodiscard]] double shifted_difference(const Array2d<float>& a, const Array2d<float>& b,
                                          std::size_t frames) const;
  [[nodiscard]] std::size_t burst_begin() const { return window_samples_ / 5; }
  [[nodiscard]] std::vector<float> burst(std::size_t later) const {
    return noise_at(burst_begin() + later, window_samples_ / 10, window_samples_);
  }

  const WindowTensor& tensor_;
  std::size_t window_samples_;
  const FrontEndConfig& given_;
  float silence_ = 0.0F;
  bool time_first_ = false;
  std::vector<std::pair<double, Array2d<float>>> clicks_;  ///< by sample
};

std::optional<TimeAxis> Measurement::time_axis(bool time_first) const {
  std::vector<double> samples;
  std::vector<double> frames;
  TimeAxis axis;
  for (const auto& [sample, values] : clicks_) {
    const ClickPlace place = place_of(distance_by_frame(values, silence_, time_first));
    if (!place.is_narrow) return std::nullopt;
    axis.click_frames = std::max(axis.click_frames, place.width);
    samples.push_back(sample);
    frames.push_back(place.centre);
  }
  const auto mean = [](const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  };
  const double mean_sample = mean(samples);
  const double mean_frame = mean(frames);
  double covariance = 0.0;
  double variance = 0.0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    covariance += (samples[i] - mean_sample) * (frames[i] - mean_frame);
    variance += std::pow(frames[i] - mean_frame, 2);
  }
  const double hop = covariance / variance;
  if (!(hop >= 1.0)) return std::nullopt;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double off = samples[i] - mean_sample - hop * (frames[i] - mean_frame);
    if (std::abs(off) > 1.5 * hop) return std::nullopt;
  }
  axis.hop_samples = static_cast<std::size_t>(std::llround(hop));
  axis.first_samples = mean_sample - hop * mean_frame;
  return axis;
}

Array2d<float> Measurement::upright(std::span<const float> samples) const {
  Array2d<float> values = tensor_(samples);
  return time_first_ ? transposed(values) : values;
}

/// The largest difference of frame t + `frames` of b from frame t of a, as a share of a's range.
double Measurement::shifted_difference(const Array2d<float>& a, const Array2d<float>& b,
                                       std::size_t frames) const {
  double difference = 0.0;
  double range = std::numeric_limits<double>::min();
  for (std::size_t band = 0; band < a.rows; ++band) {
    for (std::size_t t = 0; t + frames < a.columns; ++t) {
      const double value = a(band, t);
      difference = std::max(difference, std::abs(static_cast<double>(b(band, t + frames)) - value));
      range = std::max(range, std::abs(value - silence_));
    }
  }
  return difference / range;
}

/// The hop in whole samples: a sound that is later by some hops gives the same frames, only later.
std::size_t Measurement::exact_hop(double about) const {
  constexpr double kSame = 0.02;
  const Array2d<float> early = upright(burst(0));
  const auto frames = static_cast<std::size_t>(0.4 * static_cast<double>(early.columns));
  const auto off = static_cast<std::size_t>(about * 2.0 / static_cast<double>(early.columns)) + 1;
  const auto middle = static_cast<std::size_t>(about);
  std::pair<double, std::size_t> best{kSame, 0};
  for (std::size_t hop = middle - std::min(off, middle - 1); hop <= middle + off; ++hop) {
    if (burst_begin() + hop * frames + window_samples_ / 10 > window_samples_) break;
    best = std::min(best, {shifted_difference(early, upright(burst(hop * frames)), frames), hop});
  }
  if (best.second == 0) {
    throw ConfigError(
        fmt::format("its frames are {:.1f} samples apart, not a whole number of them", about));
  }
  return best.second;
}

bool Measurement::is_local() const {
  constexpr double kSame = 1e-3;
  const std::vector<float> alone = burst(0);
  std::vector<float> both =
      noise_at(window_samples_ * 7 / 10, window_samples_ / 10, window_samples_);
  for (std::size_t i = 0; i < both.size(); ++i) both[i] = 4.0F * both[i] + alone[i];
  const Array2d<float> a = upright(alone);
  const Array2d<float> b = upright(both);
  const std::size_t half = a.columns * 2 / 5;
  const auto first_half = [half](const Array2d<float>& values) {
    Array2d<float> part(values.rows, half);
    for (std::size_t band = 0; band < values.rows; ++band) {
      std::ranges::copy(values.row(band).first(half), part.row(band).begin());
    }
    return part;
  };
  return shifted_difference(first_half(a), first_half(b), 0) < kSame;
}

MeasuredSpectrogram Measurement::run() {
  constexpr std::size_t kFewest = 4;
  const Array2d<float> zeros = tensor_(std::vector<float>(window_samples_));
  silence_ = silence_of(zeros);
  if (std::min(zeros.rows, zeros.columns) < kFewest) {
    throw ConfigError(fmt::format("is {} x {}; expected {} bands and {} frames or more", zeros.rows,
                                  zeros.columns, kFewest, kFewest));
  }
  constexpr std::size_t kClicks = 8;
  for (std::size_t i = 0; i < kClicks; ++i) {
    // Steps that are no multiple of any hop.
    const double part =
        0.2 + 0.6 * (static_cast<double>(i) + 0.0618 * static_cast<double>(i % 3)) / kClicks;
    std::vector<float> click(window_samples_);
    const auto at = static_cast<std::size_t>(part * static_cast<double>(window_samples_));
    click[at] = 0.5F;
    clicks_.emplace_back(static_cast<double>(at), tensor_(click));
  }
  std::optional<TimeAxis> time = time_axis(false);
  if (!time) {
    time_first_ = true;
    time = time_axis(true);
  }
  if (!time) throw ConfigError("a click shows at no one place along either axis");

  MeasuredSpectrogram measured;
  measured.time_first = time_first_;
  measured.frames = time_first_ ? zeros.rows : zeros.columns;
  const std::size_t bands = time_first_ ? zeros.columns : zeros.rows;
  measured.front_end = given_;
  FrontEndConfig& front_end = measured.front_end;
  if (given_.own) {
    if (front_end.bands != bands) {
      throw ConfigError(fmt::format("has {} bands; the card's front_end.frequency_hz has {}", bands,
                                    front_end.bands));
    }
  } else {
    const auto rate = static_cast<double>(given_.sample_rate_hz);
    front_end.own.emplace();
    front_end.bands = bands;
    front_end.hop_samples = exact_hop(static_cast<double>(time->hop_samples));
    front_end.window_samples =
        std::min(time->click_frames * front_end.hop_samples, window_samples_);
    double first = 0.0;
    for (const auto& [sample, values] : clicks_) {
      const ClickPlace place = place_of(distance_by_frame(values, silence_, time_first_));
      first += (sample - place.centre * static_cast<double>(front_end.hop_samples)) / kClicks;
    }
    constexpr double kDigits = 1e4;
    front_end.own->first_frame_s = std::round(first / rate * kDigits) / kDigits;
    const auto second_of = [&](std::size_t frame) {
      return (first + static_cast<double>(frame * front_end.hop_samples)) / rate;
    };
    set_bands(front_end, measure_bands([this](std::span<const float> s) { return upright(s); },
                                       {rate, window_samples_, silence_, second_of}));
  }
  front_end.own->silence = silence_;
  measured.is_local = is_local();
  return measured;
}

}  // namespace

MeasuredSpectrogram measure_spectrogram(const WindowTensor& tensor, std::size_t window_samples,
                                        const FrontEndConfig& given) {
  return Measurement(tensor, window_samples, given).run();
}

}  // namespace relax_spectro::core
