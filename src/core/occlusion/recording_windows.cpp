#include "occlusion/recording_windows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

std::size_t hop_frames_of(const WindowOptions& options, const ModelCard& card) {
  if (!options.hop_s) return card.input.hop_frames;
  const std::size_t window_frames = card.input.takes_waveform()
                                        ? card.input.window_samples / card.front_end.hop_samples
                                        : card.input.window_frames;
  const double frame_s =
      static_cast<double>(card.front_end.hop_samples) / card.front_end.sample_rate_hz;
  const double frames = std::round(*options.hop_s / frame_s);
  if (!(frames >= 1.0 && frames <= static_cast<double>(window_frames))) {
    throw ConfigError(fmt::format(
        "--hop is {} s; expected {:.4g} s (one frame) to {:.4g} s (one window), so that no moment "
        "is left out",
        *options.hop_s, frame_s, static_cast<double>(window_frames) * frame_s));
  }
  return static_cast<std::size_t>(frames);
}

double seconds_of(std::size_t frames, const ModelCard& card) {
  return static_cast<double>(frames * card.front_end.hop_samples) / card.front_end.sample_rate_hz;
}

/// Warns of bands that must be empty at the recording's sample rate.
std::optional<std::string> warn_of_empty_bands(const Spectrogram& spectrogram, const Audio& audio) {
  const double nyquist_hz = audio.sample_rate_hz / 2.0;
  const std::vector<double>& bands = spectrogram.frequency_hz;
  const auto first = std::ranges::upper_bound(bands, nyquist_hz);
  if (first == bands.end()) return std::nullopt;
  return fmt::format(
      "recorded at {} Hz: there is no sound above {:.0f} Hz. The upper {} of "
      "the model's {} bands ({:.0f} Hz to {:.0f} Hz) are empty. The model may not know such input",
      audio.sample_rate_hz, nyquist_hz, bands.end() - first, bands.size(), *first, bands.back());
}

/// Warns of sound above all of the model's bands. There is no warning for everyday rates, such as
/// 48 kHz for a model of 16 kHz.
std::optional<std::string> warn_of_unheard_sound(const FrontEndConfig& front_end,
                                                 const Audio& audio) {
  constexpr double kEveryday = 3.0;  // as a multiple of the model's rate
  if (audio.sample_rate_hz <= kEveryday * front_end.sample_rate_hz) return std::nullopt;
  return fmt::format(
      "recorded at {} Hz: sound above {:.0f} Hz is outside the model's bands. "
      "The map does not show it",
      audio.sample_rate_hz, front_end.high_hz);
}

/// Shorter recordings are padded to this number of frames.
std::size_t fewest_frames(const ModelCard& card) {
  return card.input.variable_length ? 1 : card.input.window_frames;
}

/// The frames of a recording of this many samples at the model's rate.
std::size_t frame_count(const ModelCard& card, std::size_t samples) {
  if (!card.input.takes_waveform()) {
    return std::max(FrontEnd(card.front_end).frame_count(samples), fewest_frames(card));
  }
  const std::size_t whole = card.input.window_samples;
  return card.input.window_frames + (std::max(samples, whole) - whole) / card.front_end.hop_samples;
}

/// The frames that windows cover. A last window is dropped if it starts within one analysis window
/// of the previous one, because it shows almost nothing new. The front end's padding adds that much
/// to a recording with exactly the length of the model's window.
std::size_t windowed_frames(const ModelCard& card, std::size_t frames, std::size_t hop_frames) {
  const FrontEndConfig& front_end = card.front_end;
  const std::size_t behind_last =
      (frames - std::min(card.input.window_frames, frames)) % hop_frames;
  const bool is_new = behind_last * front_end.hop_samples > front_end.window_samples;
  return is_new ? frames : frames - behind_last;
}

std::vector<FrameRange> cut_frames(const ModelCard& card, std::size_t frames,
                                   const WindowOptions& options) {
  const std::size_t hop_frames = hop_frames_of(options, card);
  return cut_windows(windowed_frames(card, frames, hop_frames),
                     std::min(card.input.window_frames, frames), hop_frames, options.tail);
}

double window_s(const ModelCard& card) {
  if (!card.input.takes_waveform()) {
    return FrontEnd(card.front_end).duration_s(fewest_frames(card));
  }
  return static_cast<double>(card.input.window_samples) / card.front_end.sample_rate_hz;
}

/// Runs the network's own front end once for each window. A frame in several windows has the first
/// window's value in the recording's spectrogram.
RecordingWindows cut_samples(Model& model, const Audio& audio, const WindowOptions& options) {
  RecordingWindows recording;
  const ModelCard& card = model.card();
  const FrontEndConfig& front_end = card.front_end;
  const std::size_t whole = card.input.window_samples;
  std::vector<float> samples = resample(audio, front_end.sample_rate_hz).samples;
  const std::size_t own_samples = samples.size();
  samples.resize(std::max(own_samples, whole), 0.0F);
  recording.windows = cut_frames(card, frame_count(card, own_samples), options);

  Spectrogram& spectrogram = recording.spectrogram;
  const std::size_t frames = recording.windows.back().begin + recording.windows.back().count;
  spectrogram.values = Array2d<float>(front_end.bands, frames);
  spectrogram.frequency_hz = front_end.own->frequency_hz;
  spectrogram.silence = front_end.own->silence;
  spectrogram.padded_frames =
      std::min(frames, (samples.size() - own_samples) / front_end.hop_samples);
  std::size_t written = 0;
  for (const FrameRange range : recording.windows) {
    const auto part = std::span(samples).subspan(range.begin * front_end.hop_samples, whole);
    OwnWindow window{range, model.spectrogram_of(part)};
    const std::size_t skipped = std::min(written - std::min(written, range.begin), range.count);
    for (std::size_t band = 0; band < front_end.bands; ++band) {
      std::ranges::copy(window.values.row(band).subspan(skipped),
                        spectrogram.values.row(band).begin() +
                            static_cast<std::ptrdiff_t>(range.begin + skipped));
    }
    written = range.begin + range.count;
    spectrogram.windows.push_back(std::move(window));
  }
  for (std::size_t t = 0; t < frames; ++t) {
    spectrogram.time_s.push_back(audio.begin_s + front_end.own->first_frame_s +
                                 seconds_of(t, card));
  }
  return recording;
}

/// Drops the frames after the last window, which no map covers.
void drop_frames_behind(const FrameRange& last, Spectrogram& spectrogram) {
  const std::size_t frames = last.begin + last.count;
  spectrogram.values = copy_frames(spectrogram, {0, frames});
  spectrogram.time_s.resize(frames);
}

bool all_silent(const Spectrogram& spectrogram) {
  const std::size_t frames = spectrogram.values.columns;
  return silent_frames(spectrogram, {0, frames}) == frames;
}

RecordingWindows with_warnings(RecordingWindows recording, const ModelCard& card,
                               const Audio& audio, const WindowOptions& options) {
  recording.warnings = audio.warnings;
  if (recording.spectrogram.padded_frames > 0) {
    recording.warnings.push_back(fmt::format(
        "the recording ({:.3f} s) is shorter than the model's window ({:.3f} s): it was padded at "
        "its end with digital silence",
        audio.duration_s(), window_s(card)));
  }
  if (auto warning = warn_of_empty_bands(recording.spectrogram, audio)) {
    recording.warnings.push_back(std::move(*warning));
  }
  if (auto warning = warn_of_unheard_sound(card.front_end, audio)) {
    recording.warnings.push_back(std::move(*warning));
  }
  if (all_silent(recording.spectrogram)) {
    recording.warnings.emplace_back(
        "the model's input is the same everywhere: "
        "the recording is digital silence, or its channels cancel each other out (--channel "
        "selects one). Its map shows only the effect of the fill");
  }
  recording.hop_s = resolved_hop_s(options, card);
  if (options.tail == Tail::cover)
    drop_frames_behind(recording.windows.back(), recording.spectrogram);
  return recording;
}

}  // namespace

double resolved_hop_s(const WindowOptions& options, const ModelCard& card) {
  return seconds_of(hop_frames_of(options, card), card);
}

std::vector<FrameRange> windows_of(const ModelCard& card, double duration_s,
                                   const WindowOptions& options) {
  const double samples = std::round(duration_s * card.front_end.sample_rate_hz);
  if (!(samples >= 0.0 && samples <= kMostSamples)) {
    throw AudioError(fmt::format("{:.0f} s at {} Hz are {:.3g} samples; expected 0 to {:.3g}",
                                 duration_s, card.front_end.sample_rate_hz, samples, kMostSamples));
  }
  return cut_frames(card, frame_count(card, static_cast<std::size_t>(samples)), options);
}

RecordingWindows cut_recording(Model& model, const Audio& audio, const WindowOptions& options) {
  const ModelCard& card = model.card();
  if (!card.input.takes_waveform()) return cut_recording(card, audio, options);
  return with_warnings(cut_samples(model, audio, options), card, audio, options);
}

RecordingWindows cut_recording(const ModelCard& card, const Audio& audio,
                               const WindowOptions& options) {
  RecordingWindows recording;
  recording.spectrogram = FrontEnd(card.front_end)(audio, fewest_frames(card));
  recording.windows = cut_frames(card, recording.spectrogram.values.columns, options);
  return with_warnings(std::move(recording), card, audio, options);
}

}  // namespace relax_spectro
