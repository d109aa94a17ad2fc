#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string_view>
#include <vector>

#include "relax_spectro/audio/front_end.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

void require_range(std::string_view field, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    throw ConfigError(
        fmt::format("front_end.{} is {}; expected a value from {} to {}", field, value, low, high));
  }
}

constexpr double kMost = std::numeric_limits<double>::max();

void require_own(const OwnSpectrogram& own, const FrontEndConfig& config) {
  const std::vector<double>& centres = own.frequency_hz;
  const bool ascends = std::ranges::adjacent_find(centres, std::greater_equal<>()) == centres.end();
  if (centres.size() != config.bands || !ascends || !(centres.front() >= config.low_hz) ||
      !(centres.back() <= config.high_hz)) {
    throw ConfigError(
        "front_end.frequency_hz: expected the centre of each band, ascending, from low_hz to "
        "high_hz");
  }
  require_range("first_frame_s", own.first_frame_s, -60.0, 60.0);
  require_range("silence", own.silence, -std::numeric_limits<float>::max(),
                std::numeric_limits<float>::max());
}

}  // namespace

void FrontEndConfig::validate() const {
  // The upper limits only keep a damaged card from requesting all memory.
  require_range("sample_rate_hz", sample_rate_hz, 1, 10'000'000);
  require_range("pre_emphasis", pre_emphasis, 0.0, 1.0);
  if (!own) {
    require_range("fft_samples", static_cast<double>(fft_samples), 2, 1 << 16);
    require_range("window_samples", static_cast<double>(window_samples), 2,
                  static_cast<double>(fft_samples));
  }
  require_range("hop_samples", static_cast<double>(hop_samples), 1, 1 << 20);
  require_range("bands", static_cast<double>(bands), 1, 4096);
  require_range("high_hz", high_hz, 0.0, sample_rate_hz / 2.0);
  require_range("low_hz", low_hz, 0.0, high_hz);
  if (low_hz >= high_hz) {
    throw ConfigError(
        fmt::format("front_end.low_hz is {}; expected less than high_hz ({})", low_hz, high_hz));
  }
  if (own) return require_own(*own, *this);
  require_range("log.scale", log_scale, -kMost, kMost);
  require_range("log.multiplier", log_multiplier, std::numeric_limits<double>::min(), kMost);
  require_range("log.floor", log_floor, 0.0, kMost);
  require_range("log.offset", log_offset, 0.0, kMost);
  if (log_base != LogBase::none && log_floor + log_offset <= 0.0) {
    throw ConfigError(
        "front_end.log: floor and offset are both 0, so that digital silence is minus infinity; "
        "expected one of them above 0");
  }
  require_range("log.range", log_range, 0.0, kMost);
  require_range("normalisation.subtract", normalisation_subtract, -kMost, kMost);
  require_range("normalisation.divide", std::abs(normalisation_divide),
                std::numeric_limits<double>::min(), kMost);
  if (!std::isfinite(silence_level(*this))) {
    throw ConfigError(
        "front_end.log and front_end.normalisation make digital silence infinite; expected numbers "
        "that keep it finite");
  }
}

}  // namespace relax_spectro
