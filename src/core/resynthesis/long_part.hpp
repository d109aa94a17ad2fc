#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "audio/sound_pieces.hpp"
#include "resynthesis/sound_part.hpp"

namespace relax_spectro {

/// Which part of a recording is made.
enum class PartKind {
  salient,  ///< what the weight keeps
  rest,     ///< what it does not
};

/// Makes a part of a recording piece by piece, so that memory for sound does not grow with its
/// length. References must outlive it.
class LongPart {
 public:
  /// @param recording  with the spectrogram of all pieces.
  /// @param weight     of the salient part, with the spectrogram's shape.
  LongPart(PartKind kind, const FrontEndConfig& config, const RecordingWindows& recording,
           const Array2d<float>& weight, const Fill& fill, std::uint64_t seed,
           const ResynthesisOptions& options);

  /// The sound of a piece, one for each channel and as long as the piece.
  [[nodiscard]] std::vector<Audio> add(const SoundPiece& piece);

  /// The network's input, w x + (1 - w) fill.
  [[nodiscard]] Array2d<float> wanted(FrameRange frames) const;
  /// The front end's input of the sound, for the frames of all pieces so far.
  [[nodiscard]] Array2d<float> heard(FrameRange frames) const;

  [[nodiscard]] LogMelError error() const { return error_.error(); }
  /// See Resynthesis, as a mean over pieces.
  [[nodiscard]] double too_loud_share() const { return too_loud_ / frames_; }
  /// The most that a piece kept.
  [[nodiscard]] std::size_t refinements() const { return refinements_; }

 private:
  [[nodiscard]] Array2d<float> weight_of(FrameRange frames) const;

  PartKind kind_;
  const FrontEndConfig& config_;
  const RecordingWindows& recording_;
  const Array2d<float>& weight_;
  Fill fill_;
  std::uint64_t seed_;
  ResynthesisOptions options_;
  Array2d<float> log_mel_;
  LogMelErrorSum error_;
  double too_loud_ = 0.0;
  double frames_ = 0.0;
  std::size_t refinements_ = 0;
};

}  // namespace relax_spectro
