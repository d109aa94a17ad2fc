#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "audio/sound_reader.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/audio/spectrogram.hpp"

namespace relax_spectro {

/// A piece of a recording, with a margin on either side in which its neighbours have a share.
struct SoundPiece {
  std::vector<Audio> channels;  ///< all of the file
  Audio heard;                  ///< what the front end gets: one channel, or the mean
  FrameRange frames;            ///< of `heard`, counted in the whole recording
  FrameRange own;               ///< frames of no other piece
  std::size_t begin = 0;        ///< the sample at which its own sound begins
  std::size_t end = 0;          ///< and ends
  bool is_first = false;
  bool is_last = false;
};

/// Reads a recording in pieces of some ten seconds, so that memory does not grow with its length.
///
/// The front end gives the same frames for a piece as for the whole recording, except in its margin
/// and for rounding: a piece begins where a sample of the recording falls on a frame.
class SoundPieces {
 public:
  /// @param options  of the recording; its channel is the one that is heard.
  /// @param frames   of the whole recording that are wanted.
  /// @throws as read_audio()
  SoundPieces(const std::filesystem::path& path, const AudioOptions& options,
              const FrontEndConfig& config, std::size_t frames);

  /// @returns false after the last piece.  @throws as read_audio()
  [[nodiscard]] bool next(SoundPiece& piece);

 private:
  [[nodiscard]] std::size_t sample_of(std::size_t frame) const;
  void read_until(std::size_t sample);

  core::SoundReader reader_;
  Audio no_samples_;
  std::optional<int> channel_;
  FrontEndConfig config_;
  std::size_t frames_;
  std::size_t length_ = 0;          ///< frames of a piece
  std::size_t margin_ = 0;          ///< frames
  std::size_t next_ = 0;            ///< first frame of the next piece
  std::vector<float> interleaved_;  ///< what was read and is still needed
  std::size_t first_sample_ = 0;    ///< of `interleaved_`
  bool is_read_ = false;            ///< to the end
};

/// The spectrogram of a whole recording, made piece by piece: as FrontEnd makes it.
/// @param frames  as many are returned. Beyond the recording there is digital silence.
/// @throws as read_audio()
[[nodiscard]] Spectrogram spectrogram_of(const std::filesystem::path& path,
                                         const AudioOptions& options, const FrontEndConfig& config,
                                         std::size_t frames);

/// Joins sounds that were made of pieces. Where two pieces meet, one is faded into the other.
class SoundJoin {
 public:
  /// @param rate_hz  of the recording.
  SoundJoin(const FrontEndConfig& config, int rate_hz);

  /// Takes the sounds of the next piece, one for each channel, as long as the piece.
  /// @returns what is complete now.
  [[nodiscard]] std::vector<Audio> add(const SoundPiece& piece, std::vector<Audio> sounds);

 private:
  std::size_t fade_;                      // samples: half an analysis window on either side
  std::vector<std::vector<float>> last_;  ///< of each channel, what the next piece is faded into
};

}  // namespace relax_spectro
