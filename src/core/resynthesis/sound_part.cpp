#include "resynthesis/sound_part.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace relax_spectro {
namespace {

/// The samples of a time, as far as there are any; at least one.
Audio cut(const Audio& audio, double begin_s, double end_s) {
  const auto count = static_cast<double>(audio.samples.size());
  const auto place = [&](double time_s) {
    return std::clamp(std::round((time_s - audio.begin_s) * audio.sample_rate_hz), 0.0, count);
  };
  const double begin = std::min(place(begin_s), count - 1.0);
  const double end = std::max(place(end_s), begin + 1.0);
  Audio part;
  part.sample_rate_hz = audio.sample_rate_hz;
  part.begin_s = audio.begin_s + begin / audio.sample_rate_hz;
  part.samples.assign(audio.samples.begin() + static_cast<std::ptrdiff_t>(begin),
                      audio.samples.begin() + static_cast<std::ptrdiff_t>(end));
  return part;
}

/// Raises both ends from silence, by a quarter of a cosine squared.
void fade(Audio& audio, double fade_s) {
  const auto most = static_cast<double>(audio.samples.size()) / 2.0;
  const double length = std::min(std::round(fade_s * audio.sample_rate_hz), std::floor(most));
  for (std::size_t n = 0; static_cast<double>(n) < length; ++n) {
    const double level =
        std::pow(std::sin(0.5 * std::numbers::pi * static_cast<double>(n) / length), 2.0);
    audio.samples[n] *= static_cast<float>(level);
    audio.samples[audio.samples.size() - 1 - n] *= static_cast<float>(level);
  }
}

}  // namespace

Array2d<float> recording_fill(const Fill& fill, const RecordingWindows& recording,
                              std::uint64_t seed, FrameRange frames) {
  const Spectrogram& spectrogram = recording.spectrogram;
  Array2d<double> sums(spectrogram.values.rows, frames.count);
  std::vector<double> counts(frames.count);
  for (const FrameRange window : recording.windows) {
    const std::size_t begin = std::max(window.begin, frames.begin);
    const std::size_t end = std::min(window.begin + window.count, frames.begin + frames.count);
    if (begin >= end) continue;
    const Array2d<float> one =
        make_fill(fill, copy_frames(spectrogram, window), spectrogram.silence, seed);
    for (std::size_t frame = begin; frame < end; ++frame) {
      for (std::size_t band = 0; band < one.rows; ++band) {
        sums(band, frame - frames.begin) += static_cast<double>(one(band, frame - window.begin));
      }
      counts[frame - frames.begin] += 1.0;
    }
  }
  Array2d<float> mean(sums.rows, sums.columns);
  for (std::size_t bin = 0; bin < sums.values.size(); ++bin) {
    mean.values[bin] = static_cast<float>(sums.values[bin] / counts[bin % sums.columns]);
  }
  return mean;
}

Array2d<float> recording_fill(const Fill& fill, const RecordingWindows& recording,
                              std::uint64_t seed) {
  return recording_fill(fill, recording, seed, {0, recording.spectrogram.values.columns});
}

Array2d<float> masked_input(const Array2d<float>& values, const Array2d<float>& fill,
                            const Array2d<float>& weight) {
  Array2d<float> masked = values;
  for (std::size_t bin = 0; bin < masked.values.size(); ++bin) {  // exact at 0 and 1, and of equals
    masked.values[bin] = std::lerp(fill.values[bin], values.values[bin], weight.values[bin]);
  }
  return masked;
}

SoundPart sound_part(const FrontEndConfig& config, const Audio& heard,
                     const Spectrogram& spectrogram, const Array2d<float>& fill,
                     const Array2d<float>& weight, const ResynthesisOptions& options) {
  Array2d<float> wanted = masked_input(spectrogram.values, fill, weight);
  Resynthesis made = resynthesise(config, heard, spectrogram, wanted, options);
  SoundPart part{std::move(wanted), std::move(made), {}};
  part.error = log_mel_error(config, part.made.log_mel, part.wanted, weight);
  return part;
}

std::vector<Audio> box_sound(const FrontEndConfig& config, const Audio& heard,
                             std::span<const Audio> channels, const TimeFrequencyBox& box,
                             const ResynthesisOptions& options) {
  const double window_s = static_cast<double>(config.window_samples) / config.sample_rate_hz;
  const auto around = [&box](const Audio& audio, double margin_s) {
    return cut(audio, box.begin_s - margin_s, box.end_s + margin_s);
  };
  const Audio part = around(heard, 4.0 * window_s);
  const Spectrogram own = FrontEnd(config)(part);
  Array2d<float> wanted(own.values.rows, own.values.columns, own.silence);
  for (std::size_t band = 0; band < wanted.rows; ++band) {
    if (own.frequency_hz[band] < box.low_hz || own.frequency_hz[band] > box.high_hz) continue;
    for (std::size_t frame = 0; frame < wanted.columns; ++frame) {
      const double time_s = own.time_s[frame];
      if (time_s >= box.begin_s && time_s <= box.end_s)
        wanted(band, frame) = own.values(band, frame);
    }
  }
  const BandGains gains = resynthesise(config, part, own, wanted, options).gains;
  std::vector<Audio> sounds;
  for (const Audio& channel : channels) {
    sounds.push_back(around(gains.apply(around(channel, 4.0 * window_s)), 0.5 * window_s));
    fade(sounds.back(), 0.5 * window_s);
  }
  return sounds;
}

}  // namespace relax_spectro
