#include "resynthesis/resynthesis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace relax_spectro {
namespace {

constexpr double kMostGain = 100.0;       // of a power: 20 dB
constexpr double kMostCorrection = 20.0;  // of a power, and its inverse the least: 13 dB

/// A factor of a power as a factor of what a front end sums.
double as_summed(const FrontEndConfig& config, double power) {
  return config.spectrum == SpectrumKind::power ? power : std::sqrt(power);
}

/// What a band should sum over what it sums. Infinite if it sums nothing.
double ratio(const FrontEndConfig& config, float wanted, float own) {
  if (wanted == own) return 1.0;
  const double sum = band_sum(config, static_cast<double>(wanted));
  if (sum == 0.0) return 0.0;
  const double own_sum = band_sum(config, static_cast<double>(own));
  return own_sum > 0.0 ? sum / own_sum : std::numeric_limits<double>::infinity();
}

/// The ratios of all bins, between two limits.
Array2d<float> ratios(const FrontEndConfig& config, const Array2d<float>& wanted,
                      const Array2d<float>& own, double least, double most) {
  Array2d<float> result(wanted.rows, wanted.columns);
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    result.values[i] =
        static_cast<float>(std::clamp(ratio(config, wanted.values[i], own.values[i]), least, most));
  }
  return result;
}

double root_mean_square(const FrontEndConfig& config, const Array2d<float>& a,
                        const Array2d<float>& b) {
  const Array2d<float> weight(a.rows, a.columns);
  return log_mel_error(config, a, b, weight).all;
}

/// The front end's input of a sound, for the first frames.
Array2d<float> log_mel_of(const FrontEnd& front_end, const Audio& sound, std::size_t frames) {
  return copy_frames(front_end(sound, frames), {0, frames});
}

}  // namespace

Resynthesis resynthesise(const FrontEndConfig& config, const Audio& heard, const Spectrogram& own,
                         const Array2d<float>& wanted, const ResynthesisOptions& options) {
  if (window_levels(config).change_windows()) {
    throw ConfigError(
        "the model takes each window's own level (front_end.log.range or "
        "front_end.normalisation.window of its card), so no sound of a whole recording gives its "
        "input; expected a card without both");
  }
  const FrontEnd front_end(config);
  const double most_gain = as_summed(config, kMostGain);
  const double most_correction = as_summed(config, kMostCorrection);
  Resynthesis best{BandGains(config, own.time_s, options.beyond, most_gain), {}, {}, 0, 0.0};
  BandGains& gains = best.gains;
  gains.multiply(ratios(config, wanted, own.values, 0.0, most_gain));
  std::size_t too_loud = 0;
  for (std::size_t i = 0; i < wanted.values.size(); ++i) {
    if (ratio(config, wanted.values[i], own.values.values[i]) > most_gain) ++too_loud;
  }
  best.too_loud_share = static_cast<double>(too_loud) / static_cast<double>(wanted.values.size());
  double least_error = std::numeric_limits<double>::infinity();
  ChangedSound changed{heard, {}};
  for (std::size_t round = 0;; ++round) {
    gains.apply_last(changed);
    Array2d<float> log_mel = log_mel_of(front_end, changed.sound, wanted.columns);
    const double error = root_mean_square(config, log_mel, wanted);
    if (round < options.refinements) {
      gains.multiply(ratios(config, wanted, log_mel, 1.0 / most_correction, most_correction));
    }
    if (error < least_error) {
      least_error = error;
      best.sound = changed.sound;
      best.log_mel = std::move(log_mel);
      best.refinements = round;
    }
    if (round == options.refinements) break;
  }
  gains.keep_first(best.refinements + 1);
  return best;
}

void LogMelErrorSum::add(const FrontEndConfig& config, const Array2d<float>& a,
                         const Array2d<float>& b, const Array2d<float>& weight) {
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const double error =
        nats(config, static_cast<double>(a.values[i]) - static_cast<double>(b.values[i]));
    const std::size_t kept = weight.values[i] < 0.5F ? 0 : 1;
    squares_[kept] += error * error;
    ++counts_[kept];
  }
}

LogMelError LogMelErrorSum::error() const {
  const auto root = [](double sum, std::size_t count) {
    return count == 0 ? 0.0 : std::sqrt(sum / static_cast<double>(count));
  };
  return {root(squares_[0] + squares_[1], counts_[0] + counts_[1]), root(squares_[0], counts_[0]),
          root(squares_[1], counts_[1])};
}

LogMelError log_mel_error(const FrontEndConfig& config, const Array2d<float>& a,
                          const Array2d<float>& b, const Array2d<float>& weight) {
  LogMelErrorSum sum;
  sum.add(config, a, b, weight);
  return sum.error();
}

}  // namespace relax_spectro
