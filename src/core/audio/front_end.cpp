#include "relax_spectro/audio/front_end.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <numbers>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "audio/mel_scale.hpp"
#include "audio/real_transform.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

// Note [Why the transform is in double]
// In float, the rounding error of a loud tone leaks into the quiet bands beside it. The log-mel of
// a full-scale sine was off by 2.1e-4, twice the tolerance for reproducing a published front end.
// Samples and log-mels are float; everything in between is double.

/// One band's row of the mel matrix. It is sparse, because a triangle covers few bins.
struct BandWeights {
  std::size_t first_bin = 0;
  std::vector<double> weights;
};

std::vector<BandWeights> sparse_bands(const FrontEndConfig& config) {
  const Array2d<double> matrix = mel_matrix(config);
  std::vector<BandWeights> bands(matrix.rows);
  for (std::size_t band = 0; band < matrix.rows; ++band) {
    const auto row = matrix.row(band);
    const auto is_set = [](double weight) { return weight != 0.0; };
    const auto first = std::find_if(row.begin(), row.end(), is_set);
    const auto last = std::find_if(row.rbegin(), row.rend(), is_set).base();
    if (first == row.end()) continue;
    bands[band] = {static_cast<std::size_t>(first - row.begin()), {first, last}};
  }
  return bands;
}

std::vector<double> window_values(const FrontEndConfig& config) {
  const std::size_t count = config.window_samples;
  const auto period =
      static_cast<double>(config.window == WindowShape::hann_periodic ? count : count - 1);
  std::vector<double> values(count);
  for (std::size_t n = 0; n < count; ++n) {
    const double phase = 2.0 * std::numbers::pi * static_cast<double>(n) / period;
    values[n] = 0.5 - 0.5 * std::cos(phase);
  }
  return values;
}

std::vector<float> pre_emphasised(std::span<const float> samples, double coefficient) {
  std::vector<float> result(samples.size() - 1);
  const auto a = static_cast<float>(coefficient);
  for (std::size_t n = 0; n < result.size(); ++n) result[n] = samples[n + 1] - a * samples[n];
  return result;
}

/// The index of `position` in a signal that is extended by reflection about its first and last
/// sample.
std::size_t reflected(std::ptrdiff_t position, std::size_t length) {
  if (length == 1) return 0;
  const auto period = static_cast<std::ptrdiff_t>(2 * (length - 1));
  const std::ptrdiff_t folded = ((position % period) + period) % period;
  return static_cast<std::size_t>(std::min(folded, period - folded));
}

void require_finite(const Spectrogram& spectrogram) {
  const std::vector<float>& values = spectrogram.values.values;
  if (!std::all_of(values.begin(), values.end(),
                   [](float value) { return std::isfinite(value); })) {
    throw AudioError(
        "the recording's spectrogram is not finite; expected samples about full scale, [-1, 1]: "
        "scale the recording down");
  }
}

double log_value(const FrontEndConfig& config, double mel) {
  const double value = std::max(config.log_multiplier * mel, config.log_floor) + config.log_offset;
  double level = value;
  if (config.log_base == LogBase::e) level = std::log(value);
  if (config.log_base == LogBase::ten) level = std::log10(value);
  return (config.log_scale * level - config.normalisation_subtract) / config.normalisation_divide;
}

}  // namespace

float silence_level(const FrontEndConfig& config) {
  if (config.own) return config.own->silence;
  return static_cast<float>(log_value(config, 0.0));
}

WindowLevels window_levels(const FrontEndConfig& config) {
  return {config.log_range, config.normalisation_window, config.normalisation_subtract,
          config.normalisation_divide};
}

double band_sum(const FrontEndConfig& config, double value) {
  double level =
      (value * config.normalisation_divide + config.normalisation_subtract) / config.log_scale;
  if (config.log_base == LogBase::e) level = std::exp(level);
  if (config.log_base == LogBase::ten) level = std::pow(10.0, level);
  const double sum = level - config.log_offset;
  constexpr double kRounding = 1e-5;  // of a value in float
  return sum <= config.log_floor * (1.0 + kRounding) ? 0.0 : sum / config.log_multiplier;
}

double nats(const FrontEndConfig& config, double difference) {
  const double levels = std::abs(difference * config.normalisation_divide / config.log_scale);
  return config.log_base == LogBase::ten ? levels * std::numbers::ln10 : levels;
}

struct FrontEnd::Impl {
  FrontEndConfig config;
  std::vector<double> window;
  std::vector<BandWeights> bands;
  std::vector<double> frequency_hz;
  core::RealTransform fourier;

  explicit Impl(FrontEndConfig front_end_config)
      : config(std::move(front_end_config)),
        window(window_values(config)),
        bands(sparse_bands(config)),
        frequency_hz(band_centres_hz(config)),
        fourier(config.fft_samples) {}

  [[nodiscard]] bool padded() const { return config.padding != Padding::none; }

  /// The number of samples in one frame.
  [[nodiscard]] std::size_t frame_samples() const {
    return config.window_position == WindowPosition::start ? config.window_samples
                                                           : config.fft_samples;
  }

  [[nodiscard]] std::size_t padding_samples() const {
    return padded() ? config.fft_samples / 2 : 0;
  }

  [[nodiscard]] std::size_t lost_samples() const { return config.pre_emphasis > 0.0 ? 1 : 0; }

  /// The fewest samples that give this many frames.
  [[nodiscard]] std::size_t samples_for(std::size_t frames) const {
    const std::size_t span = (frames - 1) * config.hop_samples + frame_samples();
    const std::size_t padding = 2 * padding_samples();
    return std::max<std::size_t>(span > padding ? span - padding : 1, 1) + lost_samples();
  }

  void load_frame(std::span<const float> signal, std::size_t index) const {
    std::fill_n(fourier.signal(), config.fft_samples, 0.0);
    const std::size_t offset = config.window_position == WindowPosition::start
                                   ? 0
                                   : (config.fft_samples - config.window_samples) / 2;
    const auto begin = static_cast<std::ptrdiff_t>(index * config.hop_samples + offset) -
                       static_cast<std::ptrdiff_t>(padding_samples());
    for (std::size_t n = 0; n < window.size(); ++n) {
      const std::ptrdiff_t position = begin + static_cast<std::ptrdiff_t>(n);
      const bool inside = position >= 0 && std::cmp_less(position, signal.size());
      float sample = 0.0F;
      if (inside) {
        sample = signal[static_cast<std::size_t>(position)];
      } else if (config.padding == Padding::reflect) {
        sample = signal[reflected(position, signal.size())];
      }
      fourier.signal()[offset + n] = static_cast<double>(sample) * window[n];
    }
  }

  /// The power |X|^2 or magnitude |X| of the loaded frame, for each bin.
  void transform(std::span<double> bins) const {
    fourier.forward();
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
      const double real = fourier.spectrum()[bin][0];
      const double imaginary = fourier.spectrum()[bin][1];
      const double power = real * real + imaginary * imaginary;
      bins[bin] = config.spectrum == SpectrumKind::power ? power : std::sqrt(power);
    }
  }

  [[nodiscard]] float band_value(const BandWeights& band, std::span<const double> bins) const {
    double mel = 0.0;
    for (std::size_t i = 0; i < band.weights.size(); ++i) {
      mel += band.weights[i] * bins[band.first_bin + i];
    }
    return static_cast<float>(log_value(config, mel));
  }
};

FrontEnd::FrontEnd(const FrontEndConfig& config) {
  config.validate();
  if (config.own) {
    throw ConfigError(
        "only the network can compute its own spectrogram; expected a log-mel front end");
  }
  impl_ = std::make_unique<Impl>(config);
}
FrontEnd::~FrontEnd() = default;
FrontEnd::FrontEnd(FrontEnd&&) noexcept = default;
FrontEnd& FrontEnd::operator=(FrontEnd&&) noexcept = default;

double FrontEnd::duration_s(std::size_t frames) const {
  return static_cast<double>(impl_->samples_for(frames)) / impl_->config.sample_rate_hz;
}

std::size_t FrontEnd::frame_count(std::size_t samples) const {
  if (samples < impl_->samples_for(1)) return 0;
  const std::size_t span = samples - impl_->lost_samples() + 2 * impl_->padding_samples();
  return 1 + (span - impl_->frame_samples()) / impl_->config.hop_samples;
}

Spectrogram FrontEnd::operator()(const Audio& audio, std::size_t min_frames) const {
  const FrontEndConfig& config = impl_->config;
  Audio resampled = resample(audio, config.sample_rate_hz);
  std::vector<float> signal = std::move(resampled.samples);
  const std::size_t own_frames = frame_count(signal.size());
  const std::size_t needed = impl_->samples_for(std::max<std::size_t>(min_frames, 1));
  if (signal.size() < needed) signal.resize(needed, 0.0F);
  const std::size_t frames = frame_count(signal.size());
  if (config.pre_emphasis > 0.0) signal = pre_emphasised(signal, config.pre_emphasis);

  Spectrogram spectrogram;
  spectrogram.values = Array2d<float>(config.bands, frames);
  spectrogram.frequency_hz = impl_->frequency_hz;
  spectrogram.silence = silence_level(config);
  spectrogram.levels = window_levels(config);
  spectrogram.padded_frames = frames - std::min(own_frames, frames);
  spectrogram.time_s.resize(frames);
  std::vector<double> bins(config.fft_samples / 2 + 1);
  const double centre = static_cast<double>(impl_->frame_samples()) / 2.0 -
                        static_cast<double>(impl_->padding_samples());
  for (std::size_t t = 0; t < frames; ++t) {
    impl_->load_frame(signal, t);
    impl_->transform(bins);
    for (std::size_t band = 0; band < config.bands; ++band) {
      spectrogram.values(band, t) = impl_->band_value(impl_->bands[band], bins);
    }
    spectrogram.time_s[t] = audio.begin_s + (static_cast<double>(t * config.hop_samples) + centre) /
                                                config.sample_rate_hz;
  }
  require_finite(spectrogram);
  return spectrogram;
}

}  // namespace relax_spectro
