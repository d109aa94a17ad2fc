#include "probe/calibration.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace relax_spectro {

Array2d<double> probabilities_of(const Array2d<double>& logits, double temperature) {
  Array2d<double> probabilities = logits;
  for (std::size_t i = 0; i < logits.rows; ++i) {
    const std::span<double> row = probabilities.row(i);
    const double highest = std::ranges::max(row);
    double sum = 0.0;
    for (double& value : row) {
      value = std::exp((value - highest) / temperature);
      sum += value;
    }
    for (double& value : row) value /= sum;
  }
  return probabilities;
}

std::vector<double> log_losses(const Array2d<double>& probabilities,
                               const std::vector<std::size_t>& classes) {
  std::vector<double> losses;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    losses.push_back(
        -std::log(std::max(std::numeric_limits<double>::epsilon(), probabilities(i, classes[i]))));
  }
  return losses;
}

double best_temperature(const Array2d<double>& logits, const std::vector<std::size_t>& classes) {
  const auto loss = [&](double log_temperature) {
    const std::vector<double> losses =
        log_losses(probabilities_of(logits, std::exp(log_temperature)), classes);
    return std::accumulate(losses.begin(), losses.end(), 0.0);
  };
  const double widest = std::log(100.0);
  constexpr int kBits = 30;
  return std::exp(boost::math::tools::brent_find_minima(loss, -widest, widest, kBits).first);
}

std::vector<double> brier_scores(const Array2d<double>& probabilities,
                                 const std::vector<std::size_t>& classes) {
  std::vector<double> scores(classes.size(), 0.0);
  const double share = probabilities.columns == 2 ? 0.5 : 1.0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    for (std::size_t k = 0; k < probabilities.columns; ++k) {
      const double error = probabilities(i, k) - (k == classes[i] ? 1.0 : 0.0);
      scores[i] += share * error * error;
    }
  }
  return scores;
}

double calibration_error(const std::vector<double>& confidences, const std::vector<double>& right,
                         Rows rows) {
  constexpr std::size_t kBins = 15;
  std::ranges::stable_sort(rows, {}, [&](std::size_t i) { return confidences[i]; });
  double error = 0.0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    double difference = 0.0;
    for (std::size_t k = bin * rows.size() / kBins; k < (bin + 1) * rows.size() / kBins; ++k) {
      difference += confidences[rows[k]] - right[rows[k]];
    }
    error += std::abs(difference);
  }
  return error / static_cast<double>(rows.size());
}

}  // namespace relax_spectro
