#include "evaluation/complexity.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace relax_spectro {
namespace {

// Quantus adds these to avoid divisions by 0 and logarithms of 0.
constexpr double kAddedToValues = 1e-7;
constexpr double kAddedToShares = 1e-12;

constexpr double kEffective = 1e-5;

/// Absolute values divided by the largest, ascending; zeros stay zero.
std::vector<double> normalised_magnitudes(std::span<const double> map) {
  std::vector<double> magnitudes;
  for (const double value : map) {
    if (std::isfinite(value)) magnitudes.push_back(std::abs(value));
  }
  std::ranges::sort(magnitudes);
  const double largest = magnitudes.empty() ? 0.0 : magnitudes.back();
  if (largest == 0.0) return magnitudes;
  for (double& magnitude : magnitudes) magnitude /= largest;
  return magnitudes;
}

double gini_index(const std::vector<double>& rising) {
  const auto count = static_cast<double>(rising.size());
  double weighted = 0.0;
  double total = 0.0;
  for (std::size_t i = 0; i < rising.size(); ++i) {
    const double value = rising[i] + kAddedToValues;
    weighted += (2.0 * static_cast<double>(i + 1) - count - 1.0) * value;
    total += value;
  }
  return weighted / (count * total);
}

std::optional<double> entropy_nats(const std::vector<double>& magnitudes) {
  const double total = std::accumulate(magnitudes.begin(), magnitudes.end(), 0.0);
  if (total == 0.0) return std::nullopt;
  double entropy = 0.0;
  for (const double magnitude : magnitudes) {
    const double share = magnitude / total;
    entropy -= share * std::log(share + kAddedToShares);
  }
  return std::max(entropy, 0.0);  // with a single bin, the added constants give -1e-12
}

}  // namespace

std::optional<Complexity> complexity_of(std::span<const double> map) {
  const std::vector<double> magnitudes = normalised_magnitudes(map);
  if (magnitudes.empty()) return std::nullopt;
  const auto effective =
      std::ranges::count_if(magnitudes, [](double magnitude) { return magnitude > kEffective; });
  return Complexity{gini_index(magnitudes), entropy_nats(magnitudes),
                    static_cast<std::size_t>(effective)};
}

}  // namespace relax_spectro
