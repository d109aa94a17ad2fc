#include "relax_spectro/audio/front_end.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <numeric>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/front_ends.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;
using test::aisfx_front_end;
using test::efficientat_front_end;
using test::panns_front_end;
using test::vggish_front_end;

namespace {

/// Sample `n` of the signal before framing: pre-emphasised and padded.
double padded_sample(const FrontEndConfig& config, const std::vector<double>& signal, long n) {
  const auto length = static_cast<long>(signal.size());
  if (n >= 0 && n < length) return signal[static_cast<std::size_t>(n)];
  if (config.padding != Padding::reflect) return 0.0;
  while (n < 0 || n >= length) n = n < 0 ? -n : 2 * (length - 1) - n;
  return signal[static_cast<std::size_t>(n)];
}

/// A second implementation from the definitions: in double, each DFT bin as a sum.
std::vector<double> reference_frame(const FrontEndConfig& config, const Audio& audio, long frame) {
  std::vector<double> signal(audio.samples.begin(), audio.samples.end());
  if (config.pre_emphasis > 0.0) {
    for (std::size_t n = 0; n + 1 < signal.size(); ++n) {
      signal[n] = signal[n + 1] - config.pre_emphasis * signal[n];
    }
    signal.pop_back();
  }
  const auto fft = static_cast<long>(config.fft_samples);
  const auto window = static_cast<long>(config.window_samples);
  const double period =
      static_cast<double>(config.window == WindowShape::hann_periodic ? window : window - 1);
  const long offset = config.window_position == WindowPosition::start ? 0 : (fft - window) / 2;
  const long begin = frame * static_cast<long>(config.hop_samples) -
                     (config.padding == Padding::none ? 0 : fft / 2);
  const Array2d<double> matrix = mel_matrix(config);
  std::vector<double> levels(config.bands);
  for (long bin = 0; bin <= fft / 2; ++bin) {
    std::complex<double> sum = 0.0;
    for (long n = 0; n < window; ++n) {
      const double w =
          0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / period);
      const double angle = -2.0 * std::numbers::pi * static_cast<double>(bin * (offset + n)) /
                           static_cast<double>(fft);
      sum += w * padded_sample(config, signal, begin + offset + n) * std::polar(1.0, angle);
    }
    const double magnitude = std::abs(sum);
    const double value = config.spectrum == SpectrumKind::power ? magnitude * magnitude : magnitude;
    for (std::size_t band = 0; band < config.bands; ++band) {
      levels[band] += matrix(band, static_cast<std::size_t>(bin)) * value;
    }
  }
  for (double& level : levels) {
    level = std::max(config.log_multiplier * level, config.log_floor) + config.log_offset;
    level = config.log_base == LogBase::ten ? std::log10(level) : std::log(level);
    level =
        (config.log_scale * level - config.normalisation_subtract) / config.normalisation_divide;
  }
  return levels;
}

}  // namespace

TEST_CASE("every kind of front end equals its definition, summed directly in double") {
  const FrontEndConfig config =
      GENERATE(vggish_front_end(), efficientat_front_end(), panns_front_end(), aisfx_front_end());
  const Audio audio = test::noise(0.25, config.sample_rate_hz);
  const Spectrogram spectrogram = FrontEnd(config)(audio);
  double largest = 0.0;
  for (const std::size_t frame :
       {std::size_t{0}, std::size_t{1}, std::size_t{9}, spectrogram.values.columns - 1}) {
    const std::vector<double> expected = reference_frame(config, audio, static_cast<long>(frame));
    for (std::size_t band = 0; band < config.bands; ++band) {
      largest = std::max(
          largest, std::abs(static_cast<double>(spectrogram.values(band, frame)) - expected[band]));
    }
  }
  CHECK(largest <= 1e-4);
}

TEST_CASE("VGGish's mel matrix has its published numbers") {
  const Array2d<double> matrix = mel_matrix(vggish_front_end());
  REQUIRE(matrix.rows == 64);
  REQUIRE(matrix.columns == 257);
  CHECK(std::accumulate(matrix.values.begin(), matrix.values.end(), 0.0) ==
        Approx(230.9136).margin(5e-5));
  CHECK(*std::max_element(matrix.values.begin(), matrix.values.end()) ==
        Approx(0.99620).margin(5e-6));
  const std::vector<long> expected{1, 2, 3, 3, 2, 2, 2, 2, 3, 3};
  for (std::size_t band = 0; band < expected.size(); ++band) {
    const auto row = matrix.row(band);
    CHECK(std::count_if(row.begin(), row.end(), [](double w) { return w > 0.0; }) ==
          expected[band]);
  }
}

TEST_CASE("VGGish's log-mel of a 1 kHz sine has its published numbers") {
  const Spectrogram spectrogram = FrontEnd(vggish_front_end())(test::sine(1000.0, 3.0, 16000));
  REQUIRE(spectrogram.values.columns == 298);
  // The published numbers are for three patches of 96 frames.
  std::vector<double> values;
  std::vector<double> band_sums(64);
  for (std::size_t band = 0; band < 64; ++band) {
    for (std::size_t t = 0; t < 288; ++t) {
      values.push_back(static_cast<double>(spectrogram.values(band, t)));
      band_sums[band] += values.back();
    }
  }
  const auto count = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0.0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  CHECK(mean == Approx(-3.42962).margin(1e-4));
  CHECK(std::sqrt(squares / count) == Approx(2.12658).margin(1e-4));
  CHECK(*std::min_element(values.begin(), values.end()) == Approx(-4.60113).margin(1e-4));
  CHECK(*std::max_element(values.begin(), values.end()) == Approx(4.81112).margin(1e-4));
  CHECK(std::max_element(band_sums.begin(), band_sums.end()) - band_sums.begin() == 19);
}

TEST_CASE("digital silence has the published levels, and is what silent audio gives") {
  CHECK(silence_level(vggish_front_end()) == Approx(-4.60517).margin(1e-5));
  CHECK(silence_level(efficientat_front_end()) == Approx(-1.40259).margin(1e-5));
  CHECK(silence_level(panns_front_end()) == Approx(-100.0));
  const Spectrogram silent = FrontEnd(vggish_front_end())({std::vector<float>(16000), 16000});
  for (const float value : silent.values.values) REQUIRE(value == silent.silence);
}

TEST_CASE("band norms do what they say") {
  FrontEndConfig config = panns_front_end();
  const double bin_hz = 32000.0 / 1024.0;
  const Array2d<double> slaney = mel_matrix(config);
  config.band_norm = BandNorm::sum;
  const Array2d<double> sum = mel_matrix(config);
  for (const std::size_t band : {40U, 63U}) {
    const auto area = slaney.row(band);
    CHECK(std::accumulate(area.begin(), area.end(), 0.0) * bin_hz == Approx(1.0).epsilon(0.02));
    const auto weights = sum.row(band);
    CHECK(std::accumulate(weights.begin(), weights.end(), 0.0) == Approx(1.0));
  }
}

TEST_CASE("frame times are frame centres and band frequencies band centres") {
  const Audio audio = test::noise(1.0, 16000);
  const Spectrogram unpadded = FrontEnd(vggish_front_end())(audio);
  CHECK(unpadded.time_s[0] == Approx(0.0125));
  CHECK(unpadded.time_s[10] == Approx(0.1125));
  const Spectrogram centred = FrontEnd(efficientat_front_end())(test::noise(1.0, 32000));
  CHECK(centred.time_s[0] == Approx(0.0).margin(1e-12));
  CHECK(centred.time_s[99] == Approx(0.99));
  CHECK(centred.values.columns == 100);

  // A tone belongs to the band with the nearest centre.
  const Spectrogram tone = FrontEnd(vggish_front_end())(test::sine(3000.0, 0.5, 16000));
  std::size_t loudest = 0;
  for (std::size_t band = 0; band < 64; ++band) {
    if (tone.values(band, 20) > tone.values(loudest, 20)) loudest = band;
  }
  for (const double centre : tone.frequency_hz) {
    CHECK(std::abs(centre - 3000.0) >= std::abs(tone.frequency_hz[loudest] - 3000.0));
  }
  CHECK(std::is_sorted(tone.frequency_hz.begin(), tone.frequency_hz.end()));
}

TEST_CASE("a recording too short for the frames asked for is padded with silence at its end") {
  const FrontEndConfig config = GENERATE(vggish_front_end(), efficientat_front_end());
  const FrontEnd front_end(config);
  const Audio audio = test::noise(0.1, config.sample_rate_hz);
  const Spectrogram padded = front_end(audio, 96);
  REQUIRE(padded.values.columns == 96);
  CHECK(padded.values(10, 95) == padded.silence);
  const Spectrogram alone = front_end(audio);
  CHECK(padded.values(10, 2) == alone.values(10, 2));
}

TEST_CASE("the shortest recordings give a frame") {
  const FrontEndConfig config = GENERATE(vggish_front_end(), efficientat_front_end());
  const std::size_t samples = GENERATE(1U, 2U, 3U, 100U);
  const Spectrogram spectrogram =
      FrontEnd(config)({std::vector<float>(samples, 0.5F), config.sample_rate_hz});
  CHECK(spectrogram.values.columns == 1);
  for (const float value : spectrogram.values.values) CHECK(std::isfinite(value));
}

TEST_CASE("frame_count says how many frames come out") {
  const FrontEndConfig config =
      GENERATE(vggish_front_end(), efficientat_front_end(), panns_front_end(), aisfx_front_end());
  const FrontEnd front_end(config);
  const std::size_t samples = GENERATE(1024U, 5000U, 16000U, 16001U, 32000U);
  const Spectrogram spectrogram =
      front_end({std::vector<float>(samples, 0.1F), config.sample_rate_hz});
  CHECK(spectrogram.values.columns == front_end.frame_count(samples));
}

TEST_CASE("a front end out of range is refused by field, value and range") {
  FrontEndConfig config = vggish_front_end();
  config.high_hz = 9000.0;
  CHECK_THROWS_WITH(config.validate(),
                    "front_end.high_hz is 9000; expected a value from 0 to 8000");
  config = vggish_front_end();
  config.window_samples = 513;
  CHECK_THROWS_WITH(config.validate(), Catch::Contains("window_samples is 513"));
  config = vggish_front_end();
  config.log_offset = 0.0;
  CHECK_THROWS_WITH(config.validate(), Catch::Contains("minus infinity"));
  config = vggish_front_end();
  config.normalisation_divide = 0.0;
  CHECK_THROWS_AS(FrontEnd(config), ConfigError);
}
