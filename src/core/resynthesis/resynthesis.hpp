#pragma once

#include <cstddef>

#include "relax_spectro/audio/spectrogram.hpp"
#include "resynthesis/band_gains.hpp"

namespace relax_spectro {

struct ResynthesisOptions {
  std::size_t refinements = 8;  ///< the most; more bring little
  BeyondBands beyond = BeyondBands::mute;
};

/// How to make a recording sound like a changed input of the network.
struct Resynthesis {
  BandGains gains;              ///< the same for all channels
  Audio sound;                  ///< of what the front end gets
  Array2d<float> log_mel;       ///< of the sound, with the input's shape and units
  std::size_t refinements = 0;  ///< that were kept
  double too_loud_share = 0.0;  ///< bins that would need more than 20 dB, of all bins
};

/// Finds the gains with which a recording has the log-mel that the network was given.
///
/// Half of a mask is not half of an amplitude, because masks mix logarithms. So the gain of a band is
/// the ratio of what it should sum to what it sums, up to 20 dB. Bands overlap, and so do frames, so
/// the front end runs on the result, and the ratio that is left changes the result in turn. Of all
/// rounds, the one with the smallest error is kept. Where nothing was changed, gains begin at 1.
/// @param heard  what the front end gets: one channel, or the mean of all.
/// @param own    its spectrogram. It may end before the recording.
/// @param wanted the changed input, with the shape of `own`.
/// @throws ConfigError, AudioError  as FrontEnd. Or the card changes each window by its own level.
[[nodiscard]] Resynthesis resynthesise(const FrontEndConfig& config, const Audio& heard,
                                       const Spectrogram& own, const Array2d<float>& wanted,
                                       const ResynthesisOptions& options = {});

/// The root mean square of differences of two inputs, in nats.
struct LogMelError {
  double all = 0.0;
  double masked = 0.0;  ///< where the weight is below a half; 0 without such a bin
  double kept = 0.0;    ///< in all other bins
};

/// Sums up errors over pieces of a recording.
class LogMelErrorSum {
 public:
  /// @param weight  how much of each bin was kept, 0 to 1.
  /// @pre  all three have the same shape.
  void add(const FrontEndConfig& config, const Array2d<float>& a, const Array2d<float>& b,
           const Array2d<float>& weight);
  [[nodiscard]] LogMelError error() const;

 private:
  double squares_[2] = {0.0, 0.0};  // masked, kept
  std::size_t counts_[2] = {0, 0};
};

/// The error of one piece: see LogMelErrorSum::add().
[[nodiscard]] LogMelError log_mel_error(const FrontEndConfig& config, const Array2d<float>& a,
                                        const Array2d<float>& b, const Array2d<float>& weight);

}  // namespace relax_spectro
