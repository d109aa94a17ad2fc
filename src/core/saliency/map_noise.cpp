#include "saliency/map_noise.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "base/finite_mean.hpp"

namespace relax_spectro::core {
namespace {

// Contrast below this fraction of the map's level is rounding error, as in a constant model.
constexpr double kRounding = 1e-12;

/// The squared standard error of the mean of maps at one bin.
double squared_error_at(std::span<const Array2d<double>> maps, std::size_t bin) {
  const auto count = static_cast<double>(maps.size());
  double mean = 0.0;
  for (const auto& map : maps) mean += map.values[bin] / count;
  double squares = 0.0;
  for (const auto& map : maps) squares += (map.values[bin] - mean) * (map.values[bin] - mean);
  return squares / (count - 1.0) / count;
}

}  // namespace

Array2d<double> standard_error(std::span<const Array2d<double>> block_maps) {
  Array2d<double> errors(block_maps[0].rows, block_maps[0].columns,
                         std::numeric_limits<double>::quiet_NaN());
  if (block_maps.size() < 2) return errors;
  for (std::size_t bin = 0; bin < errors.values.size(); ++bin) {
    errors.values[bin] = std::sqrt(squared_error_at(block_maps, bin));
  }
  return errors;
}

std::optional<double> noise_to_contrast(std::span<const Array2d<double>> block_maps) {
  if (block_maps.size() < 2) return std::nullopt;
  std::vector<Array2d<double>> centred(block_maps.begin(), block_maps.end());
  std::vector<double> mean_map(block_maps[0].values.size());
  double level = 0.0;
  for (auto& map : centred) {
    const double mean = finite_mean(map.values);
    level += std::abs(mean) / static_cast<double>(centred.size());
    for (std::size_t bin = 0; bin < map.values.size(); ++bin) {
      map.values[bin] -= mean;
      mean_map[bin] += map.values[bin] / static_cast<double>(centred.size());
    }
  }
  std::vector<double> squared_errors(mean_map.size());
  for (std::size_t bin = 0; bin < mean_map.size(); ++bin) {
    squared_errors[bin] = squared_error_at(centred, bin);
  }
  const double noise = finite_mean(squared_errors);
  const double mean = finite_mean(mean_map);
  for (double& value : mean_map) value = (value - mean) * (value - mean);
  const double variance = finite_mean(mean_map);
  if (variance <= noise || std::sqrt(variance) <= kRounding * level) return std::nullopt;
  return std::sqrt(noise / (variance - noise));
}

}  // namespace relax_spectro::core
