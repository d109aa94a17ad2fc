#include "results/contrast_error.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <utility>
#include <vector>

namespace relax_spectro {
namespace {

// Note [How many values are independent]
// A mask affects all bins of a cell, so fewer values are independent than there are bins. Cells are
// shifted and blended, so more are than there are cells. kIndependentPerCell fits the measurements.
// Maps stop when they look quiet enough, so their errors are sometimes too small: hence kOptimism.
// scripts/benchmarks/measure_check.py measures both, on differences of two maps;
// scripts/benchmarks/RESULTS.md has the numbers.
constexpr double kIndependentPerCell = 8.0;
constexpr double kOptimism = 1.2;

/// The mean square and the mean of a map over a range of frames.
std::pair<double, double> moments(const Array2d<double>& map, FrameRange frames) {
  double sum = 0.0;
  double squares = 0.0;
  std::size_t count = 0;
  for (std::size_t row = 0; row < map.rows; ++row) {
    for (std::size_t t = frames.begin; t < frames.begin + frames.count; ++t) {
      const double value = map(row, t);
      if (!std::isfinite(value)) continue;
      sum += value;
      squares += value * value;
      ++count;
    }
  }
  const double total = std::max(1.0, static_cast<double>(count));
  return {squares / total, sum / total};
}

// Note [The contrast is surer than the importance]
// The standard error of the importance includes the error of the window's level, which all its bins
// share. The contrast does not contain that error. With designed masks its noise is about half as
// large. Its size follows from a window's noise / contrast h. With V the variance of the contrast
// over bins, h^2 = E / (V - E), so its mean squared error is E = V h^2 / (1 + h^2). The standard
// errors of each window are scaled to match E. A window that is not above its noise has no h, and
// keeps the errors of the importance.
double contrast_share(const Explanation& explanation, const WindowSummary& window) {
  if (!window.noise_to_contrast) return 1.0;
  const auto [contrast_squares, contrast_mean] = moments(explanation.contrast, window.frames);
  const double error_squares = moments(explanation.saliency.standard_error, window.frames).first;
  if (error_squares == 0.0) return 1.0;
  const double h = *window.noise_to_contrast;
  const double variance = contrast_squares - contrast_mean * contrast_mean;
  return std::sqrt(variance * h * h / (1.0 + h * h) / error_squares);
}

}  // namespace

Array2d<double> contrast_errors(const Explanation& explanation) {
  std::vector<double> shares(explanation.spectrogram.time_s.size(), 0.0);
  for (const WindowSummary& window : explanation.windows) {
    const double share = contrast_share(explanation, window);
    for (std::size_t i = 0; i < window.frames.count; ++i) {
      double& largest = shares[window.frames.begin + i];
      largest = std::max(largest, share);
    }
  }
  Array2d<double> errors = explanation.saliency.standard_error;
  for (std::size_t row = 0; row < errors.rows; ++row) {
    for (std::size_t t = 0; t < errors.columns; ++t) errors(row, t) *= shares[t];
  }
  return errors;
}

double largest_by_chance(double cells, double degrees, double chance) {
  const double values = kIndependentPerCell * std::max(cells, 1.0);
  return kOptimism * quantile(complement(boost::math::students_t(degrees), chance / values / 2.0));
}

}  // namespace relax_spectro
