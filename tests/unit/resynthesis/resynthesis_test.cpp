#include "resynthesis/resynthesis.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <span>

#include "support/catch.hpp"
#include "support/front_ends.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;
using test::efficientat_front_end;
using test::vggish_front_end;

namespace {

/// The amplitude of a tone in [begin_s, end_s), by its Fourier coefficient under a Hann window.
double amplitude(const Audio& audio, double frequency_hz, double begin_s, double end_s) {
  const auto begin = static_cast<std::size_t>(begin_s * audio.sample_rate_hz);
  const auto end = static_cast<std::size_t>(end_s * audio.sample_rate_hz);
  std::complex<double> sum;
  for (std::size_t n = begin; n < end; ++n) {
    const double place = static_cast<double>(n - begin) / static_cast<double>(end - begin);
    const double window = 1.0 - std::cos(2.0 * std::numbers::pi * place);
    sum += window * static_cast<double>(audio.samples[n]) *
           std::polar(1.0, -2.0 * std::numbers::pi * frequency_hz * static_cast<double>(n) /
                               audio.sample_rate_hz);
  }
  return 2.0 * std::abs(sum) / static_cast<double>(end - begin);
}

Audio mixed(Audio a, const Audio& b) {
  for (std::size_t n = 0; n < a.samples.size(); ++n) a.samples[n] += b.samples[n];
  return a;
}

double largest_difference(const Audio& a, const Audio& b) {
  double largest = 0.0;
  for (std::size_t n = 0; n < a.samples.size(); ++n) {
    largest = std::max(
        largest, std::abs(static_cast<double>(a.samples[n]) - static_cast<double>(b.samples[n])));
  }
  return largest;
}

/// Tones at two frequencies, as long as the front end hears them.
struct TwoTones {
  FrontEndConfig config = efficientat_front_end();
  double low_hz = 0.0;
  double high_hz = 0.0;
  Audio low;
  Audio high;
  Audio sound;
  Spectrogram own;

  explicit TwoTones(int rate_hz) {
    const std::vector<double> bands_hz =
        FrontEnd(config)(test::noise(0.1, config.sample_rate_hz)).frequency_hz;
    low_hz = bands_hz[40];
    high_hz = bands_hz[100];
    low = test::sine(low_hz, 1.0, rate_hz, 0.3);
    high = test::sine(high_hz, 1.0, rate_hz, 0.3);
    sound = mixed(low, high);
    sound.begin_s = 20.0;
    own = FrontEnd(config)(sound);
  }

  /// The input with silence in bands and frames.
  template <typename IsMuted>
  [[nodiscard]] Array2d<float> muted(const IsMuted& is_muted) const {
    Array2d<float> wanted = own.values;
    for (std::size_t band = 0; band < wanted.rows; ++band) {
      for (std::size_t frame = 0; frame < wanted.columns; ++frame) {
        if (is_muted(band, frame)) wanted(band, frame) = own.silence;
      }
    }
    return wanted;
  }
};

}  // namespace

TEST_CASE("an unchanged input gives the same samples at any rate") {
  const FrontEndConfig config = GENERATE(efficientat_front_end(), vggish_front_end());
  const int rate_hz = GENERATE(8000, 22050, 44100, 48000, 96000);
  CAPTURE(config.sample_rate_hz, rate_hz);
  const Audio sound = test::noise(1.013, rate_hz);
  const Spectrogram own = FrontEnd(config)(sound);
  const Resynthesis found = resynthesise(config, sound, own, own.values, {8, BeyondBands::keep});
  CHECK(found.too_loud_share == 0.0);
  const Audio same = found.gains.apply(sound);
  REQUIRE(same.samples.size() == sound.samples.size());
  CHECK(largest_difference(same, sound) <= 1e-7);
}

TEST_CASE("what no band covers is muted") {
  const FrontEndConfig config = vggish_front_end();  // up to 7500 Hz
  const Audio heard = test::sine(2000.0, 1.0, 48000, 0.3);
  const Audio sound = mixed(test::sine(12000.0, 1.0, 48000, 0.3), heard);
  const Spectrogram own = FrontEnd(config)(sound);
  const Audio changed =
      resynthesise(config, sound, own, own.values, {8, BeyondBands::mute}).gains.apply(sound);
  CHECK(amplitude(changed, 12000.0, 0.0, 1.0) <= 1e-6);
  CHECK(amplitude(changed, 2000.0, 0.1, 0.9) == Approx(0.3).epsilon(1e-3));
}

TEST_CASE("a band that is silenced takes its tone along, and no other") {
  const TwoTones tones(GENERATE(44100, 48000));
  const Array2d<float> wanted =
      tones.muted([](std::size_t band, std::size_t) { return band >= 90 && band <= 110; });
  const Audio changed =
      resynthesise(tones.config, tones.sound, tones.own, wanted).gains.apply(tones.sound);
  CHECK(amplitude(changed, tones.high_hz, 0.1, 0.9) <= 0.3 * 1e-3);
  CHECK(amplitude(changed, tones.low_hz, 0.1, 0.9) == Approx(0.3).epsilon(0.01));
}

TEST_CASE("a time that is silenced is silent, and no other") {
  const TwoTones tones(48000);
  const std::size_t border = tones.own.values.columns / 2;
  const double border_s = tones.own.time_s[border] - tones.sound.begin_s;
  const Array2d<float> wanted =
      tones.muted([border](std::size_t, std::size_t frame) { return frame >= border; });
  const Audio changed =
      resynthesise(tones.config, tones.sound, tones.own, wanted).gains.apply(tones.sound);
  const double window_s = 0.025;
  CHECK(amplitude(changed, tones.low_hz, 0.1, border_s - window_s) == Approx(0.3).epsilon(0.01));
  CHECK(amplitude(changed, tones.low_hz, border_s + window_s, 0.95) <= 0.3 * 1e-3);
}

TEST_CASE("refinements bring the sound closer to what the network was given") {
  const FrontEndConfig config = GENERATE(efficientat_front_end(), vggish_front_end());
  CAPTURE(config.sample_rate_hz);
  const Audio sound = test::noise(2.0, 44100);
  const Spectrogram own = FrontEnd(config)(sound);
  Array2d<float> weight(own.values.rows, own.values.columns);
  Array2d<float> wanted = own.values;
  for (std::size_t band = 0; band < wanted.rows; ++band) {
    for (std::size_t frame = 0; frame < wanted.columns; ++frame) {
      const double wave =
          std::cos(0.05 * static_cast<double>(band)) * std::cos(0.05 * static_cast<double>(frame));
      weight(band, frame) = static_cast<float>(0.5 + 0.5 * wave);
      wanted(band, frame) =
          own.silence + weight(band, frame) * (own.values(band, frame) - own.silence);
    }
  }
  const auto error_of = [&](std::size_t refinements) {
    const Resynthesis found = resynthesise(config, sound, own, wanted, {refinements});
    // The promised log-mel is that of the sound.
    const Spectrogram again = FrontEnd(config)(found.gains.apply(sound));
    CHECK(again.values.values == found.log_mel.values);
    return log_mel_error(config, found.log_mel, wanted, weight).all;
  };
  const double first = error_of(0);
  const double refined = error_of(8);
  CAPTURE(first, refined);
  CHECK(refined < 0.9 * first);
  // Published methods multiply amplitudes by the mask.
  Array2d<float> squares = weight;
  for (float& value : squares.values) value *= value;
  BandGains amplitudes(config, own.time_s, BeyondBands::mute, 1.0);
  amplitudes.multiply(config.spectrum == SpectrumKind::power ? squares : weight);
  const Array2d<float> multiplied = FrontEnd(config)(amplitudes.apply(sound)).values;
  CHECK(refined < 0.2 * log_mel_error(config, multiplied, wanted, weight).all);
}

TEST_CASE("nothing gets louder by a fill of silence, up to half of the sample rate") {
  const FrontEndConfig config = efficientat_front_end();  // up to 15 kHz
  const int rate_hz = GENERATE(8000, 16000, 44100);
  CAPTURE(rate_hz);
  const Audio sound = test::noise(2.0, rate_hz);
  const Spectrogram own = FrontEnd(config)(sound);
  Array2d<float> wanted = own.values;
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    const auto frame = static_cast<double>(i % wanted.columns);
    const auto kept = static_cast<float>(0.5 + 0.5 * std::cos(0.02 * frame));
    wanted.values[i] = std::lerp(own.silence, wanted.values[i], kept);
  }
  const Audio changed = resynthesise(config, sound, own, wanted).gains.apply(sound);
  for (int edge = 0; edge < 40; ++edge) {
    double before = 0.0;
    double after = 0.0;
    for (int step = 0; step < 5; ++step) {
      const double hz = 0.5 * rate_hz * (1.0 - 0.025 * edge - 0.001 * step);
      before += std::pow(amplitude(sound, hz, 0.0, 2.0), 2.0);
      after += std::pow(amplitude(changed, hz, 0.0, 2.0), 2.0);
    }
    CAPTURE(edge, before, after);
    CHECK(after <= before);
  }
}

TEST_CASE("louder than 20 dB above the recording is told") {
  const FrontEndConfig config = efficientat_front_end();
  const Audio sound = test::sine(1000.0, 1.0, 32000, 1e-4);
  const Spectrogram own = FrontEnd(config)(sound);
  Array2d<float> wanted = own.values;
  const std::size_t loud = wanted.columns * 3;
  std::fill_n(wanted.values.begin(), loud, 10.0F);
  const Resynthesis found = resynthesise(config, sound, own, wanted, {0});
  CHECK(found.too_loud_share ==
        Approx(static_cast<double>(loud) / static_cast<double>(wanted.values.size())));
}
