#include "audio/own_spectrogram.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/front_ends.hpp"

using namespace relax_spectro;

namespace {

struct Case {
  std::string name;
  FrontEndConfig config;
  double window_s;
};

Array2d<float> spectrogram_of(const FrontEndConfig& config, std::span<const float> samples) {
  Audio audio;
  audio.sample_rate_hz = config.sample_rate_hz;
  audio.samples.assign(samples.begin(), samples.end());
  return FrontEnd(config)(audio).values;
}

FrontEndConfig only_rate(const FrontEndConfig& config) {
  FrontEndConfig given;
  given.sample_rate_hz = config.sample_rate_hz;
  return given;
}

Array2d<float> transposed(const Array2d<float>& values) {
  Array2d<float> turned(values.columns, values.rows);
  for (std::size_t row = 0; row < values.rows; ++row) {
    for (std::size_t t = 0; t < values.columns; ++t) turned(t, row) = values(row, t);
  }
  return turned;
}

std::string refusal(const core::WindowTensor& tensor, const FrontEndConfig& config) {
  try {
    static_cast<void>(core::measure_spectrogram(tensor, 16000, only_rate(config)));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("the axes of a spectrogram are measured from sounds") {
  const auto [name, config, window_s] = GENERATE(values<Case>({
      {"vggish", test::vggish_front_end(), 0.975},
      {"efficientat", test::efficientat_front_end(), 5.0},
      {"panns", test::panns_front_end(), 2.0},
      {"aisfx", test::aisfx_front_end(), 2.0},
  }));
  const bool time_first = GENERATE(false, true);
  INFO(name << " " << time_first);
  const auto samples = static_cast<std::size_t>(window_s * config.sample_rate_hz);
  const core::MeasuredSpectrogram measured = core::measure_spectrogram(
      [&config = config, time_first](std::span<const float> sound) {
        const Array2d<float> values = spectrogram_of(config, sound);
        return time_first ? transposed(values) : values;
      },
      samples, only_rate(config));
  const Spectrogram exact = FrontEnd(config)(
      {.samples = std::vector<float>(samples), .sample_rate_hz = config.sample_rate_hz});
  CHECK(measured.time_first == time_first);
  CHECK(measured.is_local);
  CHECK(measured.frames == exact.values.columns);
  const FrontEndConfig& own = measured.front_end;
  CHECK(own.bands == config.bands);
  CHECK(own.hop_samples == config.hop_samples);
  CHECK(own.own->silence == exact.silence);
  const double hop_s = static_cast<double>(config.hop_samples) / config.sample_rate_hz;
  CHECK(std::abs(own.own->first_frame_s - exact.time_s.front()) < 0.25 * hop_s);
  const double bin_hz =
      static_cast<double>(config.sample_rate_hz) / static_cast<double>(config.fft_samples);
  for (std::size_t band = 0; band < config.bands; ++band) {
    INFO("band " << band << ": " << own.own->frequency_hz[band] << " Hz, exactly "
                 << exact.frequency_hz[band]);
    CHECK(std::abs(own.own->frequency_hz[band] - exact.frequency_hz[band]) <
          std::max(bin_hz, 0.02 * exact.frequency_hz[band]));
  }
  own.validate();
}

TEST_CASE("a tensor that is no spectrogram is refused with the reason") {
  const FrontEndConfig config = test::vggish_front_end();
  const auto changed = [&](auto change) {
    return [&config, change](std::span<const float> sound) {
      Array2d<float> values = spectrogram_of(config, sound);
      change(values);
      return values;
    };
  };
  CHECK_THAT(refusal(changed([](Array2d<float>& v) { v.values[5] = NAN; }), config),
             Catch::Contains("NaN"));
  CHECK_THAT(refusal(changed([](Array2d<float>& v) { v.values[5] += 1.0F; }), config),
             Catch::Contains("not one value"));
  CHECK_THAT(refusal(changed([](Array2d<float>& v) {
                       for (std::size_t i = 0; i < v.rows / 2; i += 3) {
                         std::ranges::swap_ranges(v.row(i), v.row(v.rows - 1 - i));
                       }
                     }),
                     config),
             Catch::Contains("order of their frequencies"));
  CHECK_THAT(refusal(changed([](Array2d<float>& v) {
                       for (std::size_t i = 0; i < v.rows; ++i) std::ranges::reverse(v.row(i));
                     }),
                     config),
             Catch::Contains("no one place"));
  // The samples themselves in frames have no frequencies.
  CHECK_THAT(refusal(
                 [](std::span<const float> sound) {
                   Array2d<float> frames(200, 80);
                   for (std::size_t t = 0; t < 80; ++t) {
                     for (std::size_t i = 0; i < 200; ++i) frames(i, t) = sound[t * 200 + i];
                   }
                   return frames;
                 },
                 config),
             Catch::Contains("frequency of their own"));
}
