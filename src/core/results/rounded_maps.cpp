#include <cmath>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "base/finite_mean.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {
namespace {

/// The largest power of two that is at most a value.
double power_of_two_below(double value) { return std::exp2(std::floor(std::log2(value))); }

/// To a number of significant bits.
double to_bits(double value, int bits) {
  int exponent = 0;
  const double part = std::frexp(value, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(part, bits)), exponent - bits);
}

/// As NumPy's float32.
double to_single(double value) { return static_cast<double>(static_cast<float>(value)); }

/// The median of a frame's positive values; nothing if it has none.
std::optional<double> median_of_frame(const Array2d<double>& map, std::size_t frame) {
  std::vector<double> values;
  for (std::size_t band = 0; band < map.rows; ++band) {
    if (map(band, frame) > 0.0) values.push_back(map(band, frame));  // not NaN
  }
  return core::lower_median(std::move(values));
}

/// Rounds each frame to a multiple of its step. A step of 0 leaves it as it is.
void round_frames(const std::vector<double>& steps, Array2d<double>& map) {
  for (std::size_t i = 0; i < map.values.size(); ++i) {
    const double step = steps[i % map.columns];
    double& value = map.values[i];
    value = to_single(step > 0.0 ? step * std::nearbyint(value / step) : value);
  }
}

}  // namespace

void round_maps(Explanation& explanation) {
  constexpr double kStepOfError = 1.0 / 8.0;
  constexpr int kBitsOfError = 7;
  constexpr int kBitsOfSpectrogram = 11;  // as many as NumPy's float16 has
  Saliency& saliency = explanation.saliency;
  for (Array2d<double>* map : {&saliency.uncertainty, &saliency.standard_error}) {
    for (double& value : map->values) value = to_single(to_bits(value, kBitsOfError));
  }
  std::vector<double> steps(saliency.importance.columns);
  for (std::size_t frame = 0; frame < steps.size(); ++frame) {
    const std::optional<double> error = median_of_frame(saliency.standard_error, frame);
    if (error) steps[frame] = power_of_two_below(kStepOfError * *error);
  }
  for (Array2d<double>* map : {&saliency.importance, &explanation.contrast, &explanation.u_relax}) {
    round_frames(steps, *map);
  }
  for (float& value : explanation.spectrogram.values.values) {
    value = static_cast<float>(to_bits(static_cast<double>(value), kBitsOfSpectrogram));
  }
}

}  // namespace relax_spectro
