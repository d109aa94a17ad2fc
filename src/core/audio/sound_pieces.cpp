#include "audio/sound_pieces.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace relax_spectro {
namespace {

constexpr double kPieceS = 20.0;
constexpr std::size_t kMarginWindows = 10;  // refinements and the resampler's filter reach less far

std::size_t rounded_up(std::size_t value, std::size_t step) {
  return (value + step - 1) / step * step;
}

}  // namespace

SoundPieces::SoundPieces(const std::filesystem::path& path, const AudioOptions& options,
                         const FrontEndConfig& config, std::size_t frames)
    : reader_(path, {{}, options.trust_header, options.begin_s, options.end_s}),
      no_samples_(reader_.no_samples()),
      channel_(options.channel),
      config_(config),
      frames_(frames) {
  const auto rate_hz = static_cast<std::size_t>(config.sample_rate_hz);
  const std::size_t hop = config.hop_samples;
  // Every so many frames, a frame falls on a sample of the recording.
  const std::size_t step =
      rate_hz / std::gcd(hop * static_cast<std::size_t>(no_samples_.sample_rate_hz), rate_hz);
  const auto whole = static_cast<std::size_t>(kPieceS * config.sample_rate_hz) / hop;
  length_ = rounded_up(std::max<std::size_t>(whole, 1), step);
  margin_ = rounded_up(kMarginWindows * config.fft_samples / hop + 1, step);
}

std::size_t SoundPieces::sample_of(std::size_t frame) const {
  return frame * config_.hop_samples * static_cast<std::size_t>(no_samples_.sample_rate_hz) /
         static_cast<std::size_t>(config_.sample_rate_hz);
}

void SoundPieces::read_until(std::size_t sample) {
  const auto channels = static_cast<std::size_t>(no_samples_.channels_of_file);
  std::vector<float> block;
  while (!is_read_ && first_sample_ + interleaved_.size() / channels < sample) {
    is_read_ = !reader_.read(block);
    if (!is_read_) interleaved_.insert(interleaved_.end(), block.begin(), block.end());
  }
}

bool SoundPieces::next(SoundPiece& piece) {
  if (next_ >= frames_) return false;
  const auto channels = static_cast<std::size_t>(no_samples_.channels_of_file);
  const std::size_t first_frame = next_ - std::min(margin_, next_);
  const std::size_t first = sample_of(first_frame);
  const std::size_t dropped = (first - first_sample_) * channels;
  interleaved_.erase(interleaved_.begin(),
                     interleaved_.begin() + static_cast<std::ptrdiff_t>(dropped));
  first_sample_ = first;

  std::size_t after = std::min(next_ + length_, frames_);
  const std::size_t last = sample_of(after + margin_);
  read_until(last + 1);  // so that the next piece has a sound longer than its margin
  piece.is_first = next_ == 0;
  piece.is_last = is_read_ || after == frames_;
  if (piece.is_last) {
    after = frames_;
    read_until(std::numeric_limits<std::size_t>::max());
  }
  const std::size_t count = piece.is_last ? interleaved_.size() / channels : last - first;
  piece.own = {next_, after - next_};
  piece.frames = {first_frame, std::min(after + margin_, frames_) - first_frame};
  piece.begin = sample_of(next_) - first;
  piece.end = piece.is_last ? count : sample_of(after) - first;
  const auto samples = std::span<const float>(interleaved_).first(count * channels);

  Audio empty = no_samples_;
  empty.begin_s += static_cast<double>(first) / empty.sample_rate_hz;
  piece.heard = empty;
  core::append_channel(samples, empty.channels_of_file, channel_, piece.heard.samples);
  piece.channels.assign(channels, empty);
  for (int c = 0; c < empty.channels_of_file; ++c) {
    core::append_channel(samples, empty.channels_of_file, c + 1,
                         piece.channels[static_cast<std::size_t>(c)].samples);
  }
  next_ = after;
  return true;
}

Spectrogram spectrogram_of(const std::filesystem::path& path, const AudioOptions& options,
                           const FrontEndConfig& config, std::size_t frames) {
  const FrontEnd front_end(config);
  SoundPieces pieces(path, options, config, frames);
  Spectrogram whole;
  whole.values = Array2d<float>(config.bands, frames);
  SoundPiece piece;
  while (pieces.next(piece)) {
    const Spectrogram part = front_end(piece.heard, piece.frames.count);
    const std::size_t skipped = piece.own.begin - piece.frames.begin;
    for (std::size_t band = 0; band < config.bands; ++band) {
      std::ranges::copy(
          part.values.row(band).subspan(skipped, piece.own.count),
          whole.values.row(band).begin() + static_cast<std::ptrdiff_t>(piece.own.begin));
    }
    const auto first = part.time_s.begin() + static_cast<std::ptrdiff_t>(skipped);
    whole.time_s.insert(whole.time_s.end(), first,
                        first + static_cast<std::ptrdiff_t>(piece.own.count));
    whole.frequency_hz = part.frequency_hz;
    whole.silence = part.silence;
  }
  return whole;
}

SoundJoin::SoundJoin(const FrontEndConfig& config, int rate_hz)
    : fade_(config.window_samples * static_cast<std::size_t>(rate_hz) /
            (2 * static_cast<std::size_t>(config.sample_rate_hz))) {}

std::vector<Audio> SoundJoin::add(const SoundPiece& piece, std::vector<Audio> sounds) {
  const std::size_t begin = piece.is_first ? 0 : piece.begin - fade_;
  const std::size_t end = piece.is_last ? piece.end : piece.end - fade_;
  std::vector<std::vector<float>> next;
  for (std::size_t c = 0; c < sounds.size(); ++c) {
    std::vector<float>& samples = sounds[c].samples;
    if (!piece.is_first) {
      for (std::size_t n = 0; n < 2 * fade_; ++n) {
        const double share = (static_cast<double>(n) + 0.5) / static_cast<double>(2 * fade_);
        float& sample = samples[begin + n];
        sample = static_cast<float>((1.0 - share) * static_cast<double>(last_[c][n]) +
                                    share * static_cast<double>(sample));
      }
    }
    const auto first = samples.begin();
    if (!piece.is_last) {
      next.emplace_back(first + static_cast<std::ptrdiff_t>(end),
                        first + static_cast<std::ptrdiff_t>(end + 2 * fade_));
    }
    sounds[c].begin_s += static_cast<double>(begin) / sounds[c].sample_rate_hz;
    samples = {first + static_cast<std::ptrdiff_t>(begin),
               first + static_cast<std::ptrdiff_t>(end)};
  }
  last_ = std::move(next);
  return sounds;
}

}  // namespace relax_spectro
