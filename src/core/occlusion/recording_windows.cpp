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
  const auto window_frames = card.input.window_frames;
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

}  // namespace

double resolved_hop_s(const WindowOptions& options, const ModelCard& card) {
  return seconds_of(hop_frames_of(options, card), card);
}

std::vector<FrameRange> windows_of(const ModelCard& card, double duration_s,
                                   const WindowOptions& options) {
  const FrontEnd front_end(card.front_end);
  const double samples = std::round(duration_s * card.front_end.sample_rate_hz);
  if (!(samples >= 0.0 && samples <= kMostSamples)) {
    throw AudioError(fmt::format("{:.0f} s at {} Hz are {:.3g} samples; expected 0 to {:.3g}",
                                 duration_s, card.front_end.sample_rate_hz, samples, kMostSamples));
  }
  const std::size_t frames = front_end.frame_count(static_cast<std::size_t>(samples));
  return cut_frames(card, std::max(frames, fewest_frames(card)), options);
}

RecordingWindows cut_recording(const ModelCard& card, const Audio& audio,
                               const WindowOptions& options) {
  const FrontEnd front_end(card.front_end);
  const std::size_t needed = fewest_frames(card);
  RecordingWindows recording;
  recording.warnings = audio.warnings;
  recording.spectrogram = front_end(audio, needed);
  if (recording.spectrogram.padded_frames > 0) {
    recording.warnings.push_back(fmt::format(
        "the recording ({:.3f} s) is shorter than the model's window ({:.3f} s): it was padded at "
        "its end with digital silence",
        audio.duration_s(), front_end.duration_s(needed)));
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
  recording.windows = cut_frames(card, recording.spectrogram.values.columns, options);
  if (options.tail == Tail::cover)
    drop_frames_behind(recording.windows.back(), recording.spectrogram);
  return recording;
}

}  // namespace relax_spectro
