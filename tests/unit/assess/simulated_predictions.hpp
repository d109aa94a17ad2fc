#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "probe/class_report.hpp"

namespace relax_spectro {

/// Probabilities that are right more often than chance, in groups of three. The last class has a
/// single file.
inline Predictions simulated_predictions(std::size_t files, std::size_t classes,
                                         std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  Predictions predictions;
  for (std::size_t k = 0; k < classes; ++k) predictions.labels.push_back("c" + std::to_string(k));
  predictions.probabilities = Array2d<double>(files, classes);
  for (std::size_t i = 0; i < files; ++i) {
    const std::size_t truth = i == 0 ? classes - 1 : i * 7 % (classes - 1);
    predictions.truth.push_back(truth);
    predictions.groups.push_back(i / 3);
    double sum = 0.0;
    for (double& value : predictions.probabilities.row(i)) {
      value = std::exp(1.5 * normal(random));
      sum += value;
    }
    const double more = sum * std::exp(normal(random));
    predictions.probabilities(i, truth) += more;
    for (double& value : predictions.probabilities.row(i)) value /= sum + more;
  }
  predictions.raw_probabilities = predictions.probabilities;
  return predictions;
}

}  // namespace relax_spectro
