#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

enum class WindowShape { hann_periodic, hann_symmetric };
enum class WindowPosition { start, centre };
enum class Padding { none, reflect, zero };
enum class SpectrumKind { magnitude, power };
enum class MelScale { htk, slaney };
enum class TriangleDomain { mel, hertz };
enum class BandNorm { none, slaney, sum };
enum class LogBase { e, ten, none };

/// What is known of a spectrogram that a network computes itself.
struct OwnSpectrogram {
  std::vector<double> frequency_hz;  ///< centre of each band, ascending
  double first_frame_s = 0.0;        ///< centre of a window's first frame, from its start
  float silence = 0.0F;              ///< the value that digital silence has
};

/// Every parameter of a front end: of a log-mel front end, or of a network's own. models/CARD.md
/// documents each field and its default, under the same names.
struct FrontEndConfig {
  int sample_rate_hz = 0;
  double pre_emphasis = 0.0;
  WindowShape window = WindowShape::hann_periodic;
  std::size_t window_samples = 0;
  std::size_t fft_samples = 0;
  std::size_t hop_samples = 0;
  WindowPosition window_position = WindowPosition::centre;
  Padding padding = Padding::reflect;
  SpectrumKind spectrum = SpectrumKind::power;
  MelScale mel_scale = MelScale::htk;
  TriangleDomain triangle_domain = TriangleDomain::hertz;
  BandNorm band_norm = BandNorm::none;
  std::size_t bands = 0;
  double low_hz = 0.0;
  double high_hz = 0.0;
  LogBase log_base = LogBase::e;
  double log_scale = 1.0;
  double log_multiplier = 1.0;
  double log_floor = 0.0;
  double log_offset = 0.0;
  double log_range = 0.0;
  WindowNorm normalisation_window = WindowNorm::none;
  double normalisation_subtract = 0.0;
  double normalisation_divide = 1.0;
  /// Only of a network's own front end. Of the fields above, it has sample_rate_hz,
  /// window_samples (the sound that a frame depends on), hop_samples, bands, low_hz and high_hz.
  std::optional<OwnSpectrogram> own{};

  /// @throws ConfigError  naming the field, its value and its range.
  void validate() const;
};

/// How a network's window follows from the levels, by that window alone.
[[nodiscard]] WindowLevels window_levels(const FrontEndConfig& config);

/// The centre of each band, ascending.
[[nodiscard]] std::vector<double> band_centres_hz(const FrontEndConfig& config);

/// The triangular filter bank: [bands, fft_samples / 2 + 1], in double.
[[nodiscard]] Array2d<double> mel_matrix(const FrontEndConfig& config);

/// The value that digital silence has after the front end.
[[nodiscard]] float silence_level(const FrontEndConfig& config);

/// The sum of powers or magnitudes in a band that gives this value: the front end's last step
/// backwards. 0 for silence, and below it.
[[nodiscard]] double band_sum(const FrontEndConfig& config, double value);

/// The size of a difference of two values in natural logarithms: 1 is a factor e, or 4.3 dB of a
/// power. Without a logarithm (`log.base` is none) it is in the band's own unit.
[[nodiscard]] double nats(const FrontEndConfig& config, double difference);

/// A log-mel front end with its FFT plan. Use one object for each thread.
class FrontEnd {
 public:
  /// @throws ConfigError  the configuration is not valid, or is that of a network's own front end.
  explicit FrontEnd(const FrontEndConfig& config);
  ~FrontEnd();
  FrontEnd(FrontEnd&&) noexcept;
  FrontEnd& operator=(FrontEnd&&) noexcept;

  /// The spectrogram of a whole recording, which is first resampled if necessary.
  ///
  /// If the recording is too short for `min_frames` frames, it is padded at its end with digital
  /// silence. The axes then extend beyond its end.
  ///
  /// @param min_frames  the fewest frames that are returned; 1 or more.
  /// @throws AudioError  the samples are so large that the spectrogram is not finite.
  [[nodiscard]] Spectrogram operator()(const Audio& audio, std::size_t min_frames = 1) const;

  /// The duration of a recording that gives this many frames (1 or more).
  [[nodiscard]] double duration_s(std::size_t frames) const;

  /// The number of frames from `samples` samples at the front end's own rate.
  [[nodiscard]] std::size_t frame_count(std::size_t samples) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
