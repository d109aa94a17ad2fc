#include "saliency/map_noise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/finite_mean.hpp"

namespace relax_spectro::core {
namespace {

// Contrast below this fraction of the map's level is rounding error, as in a constant model.
constexpr double kRounding = 1e-12;

/// The mean of maps, and its squared standard error.
struct MeanMap {
  std::vector<double> values;
  std::vector<double> squared_errors;
};

/// @param offsets  subtracted from the maps, one each.
MeanMap mean_of(std::span<const Array2d<double>> maps, std::span<const double> offsets) {
  const std::size_t bins = maps[0].values.size();
  const auto count = static_cast<double>(maps.size());
  const double share = 1.0 / count;
  const double error_share = share / (count - 1.0);
  MeanMap mean{std::vector<double>(bins), std::vector<double>(bins)};
  constexpr std::size_t kTile = 256;  // bins of all maps that fit the processor's first cache
  for (std::size_t begin = 0; begin < bins; begin += kTile) {
    const std::size_t end = std::min(begin + kTile, bins);
    for (std::size_t k = 0; k < maps.size(); ++k) {
      for (std::size_t bin = begin; bin < end; ++bin) {
        mean.values[bin] += share * (maps[k].values[bin] - offsets[k]);
      }
    }
    for (std::size_t k = 0; k < maps.size(); ++k) {
      for (std::size_t bin = begin; bin < end; ++bin) {
        const double difference = maps[k].values[bin] - offsets[k] - mean.values[bin];
        mean.squared_errors[bin] += error_share * difference * difference;
      }
    }
  }
  return mean;
}

}  // namespace

Array2d<double> standard_error(std::span<const Array2d<double>> block_maps) {
  Array2d<double> errors(block_maps[0].rows, block_maps[0].columns,
                         std::numeric_limits<double>::quiet_NaN());
  if (block_maps.size() < 2) return errors;
  errors.values = mean_of(block_maps, std::vector<double>(block_maps.size())).squared_errors;
  for (double& value : errors.values) value = std::sqrt(value);
  return errors;
}

std::optional<double> noise_to_contrast(std::span<const Array2d<double>> block_maps) {
  if (block_maps.size() < 2) return std::nullopt;
  std::vector<double> means;
  double level = 0.0;
  for (const auto& map : block_maps) {
    means.push_back(finite_mean(map.values));
    level += std::abs(means.back()) / static_cast<double>(block_maps.size());
  }
  const MeanMap centred = mean_of(block_maps, means);
  const double noise = finite_mean(centred.squared_errors);
  const double mean = finite_mean(centred.values);
  const double variance =
      finite_mean(centred.values, [mean](double value) { return (value - mean) * (value - mean); });
  if (variance <= noise || std::sqrt(variance) <= kRounding * level) return std::nullopt;
  return std::sqrt(noise / (variance - noise));
}

}  // namespace relax_spectro::core
