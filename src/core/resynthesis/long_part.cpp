#include "resynthesis/long_part.hpp"

#include <algorithm>

namespace relax_spectro {
namespace {

Array2d<float> columns_of(const Array2d<float>& array, FrameRange frames) {
  Array2d<float> columns(array.rows, frames.count);
  for (std::size_t row = 0; row < array.rows; ++row) {
    std::ranges::copy(array.row(row).subspan(frames.begin, frames.count), columns.row(row).begin());
  }
  return columns;
}

Spectrogram part_of(const Spectrogram& whole, FrameRange frames) {
  const auto first = whole.time_s.begin() + static_cast<std::ptrdiff_t>(frames.begin);
  return {columns_of(whole.values, frames),
          whole.frequency_hz,
          {first, first + static_cast<std::ptrdiff_t>(frames.count)},
          whole.silence};
}

}  // namespace

LongPart::LongPart(PartKind kind, const FrontEndConfig& config, const RecordingWindows& recording,
                   const Array2d<float>& weight, const Fill& fill, std::uint64_t seed,
                   const ResynthesisOptions& options)
    : kind_(kind),
      config_(config),
      recording_(recording),
      weight_(weight),
      fill_(fill),
      seed_(seed),
      options_(options),
      log_mel_(weight.rows, weight.columns) {}

Array2d<float> LongPart::weight_of(FrameRange frames) const {
  Array2d<float> weight = columns_of(weight_, frames);
  if (kind_ == PartKind::rest) {
    for (float& value : weight.values) value = 1.0F - value;
  }
  return weight;
}

Array2d<float> LongPart::wanted(FrameRange frames) const {
  return masked_input(columns_of(recording_.spectrogram.values, frames),
                      recording_fill(fill_, recording_, seed_, frames), weight_of(frames));
}

Array2d<float> LongPart::heard(FrameRange frames) const { return columns_of(log_mel_, frames); }

std::vector<Audio> LongPart::add(const SoundPiece& piece) {
  const Resynthesis made =
      resynthesise(config_, piece.heard, part_of(recording_.spectrogram, piece.frames),
                   wanted(piece.frames), options_);
  const FrameRange own{piece.own.begin - piece.frames.begin, piece.own.count};
  const Array2d<float> log_mel = columns_of(made.log_mel, own);
  for (std::size_t band = 0; band < log_mel.rows; ++band) {
    std::ranges::copy(log_mel.row(band),
                      log_mel_.row(band).begin() + static_cast<std::ptrdiff_t>(piece.own.begin));
  }
  error_.add(config_, log_mel, wanted(piece.own), weight_of(piece.own));
  too_loud_ += made.too_loud_share * static_cast<double>(piece.own.count);
  frames_ += static_cast<double>(piece.own.count);
  refinements_ = std::max(refinements_, made.refinements);
  if (piece.channels.size() == 1) return {made.sound};
  std::vector<Audio> sounds;
  for (const Audio& channel : piece.channels) sounds.push_back(made.gains.apply(channel));
  return sounds;
}

}  // namespace relax_spectro
