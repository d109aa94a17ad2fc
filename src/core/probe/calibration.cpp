#include "probe/calibration.hpp"

#include <algorithm>
#include <boost/math/tools/minima.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace relax_spectro {
namespace {

/// Rows in 15 bins of rising confidence, with equally many each.
std::vector<Rows> equal_bins(const std::vector<double>& confidences, Rows rows) {
  constexpr std::size_t kBins = 15;
  std::ranges::stable_sort(rows, {}, [&](std::size_t i) { return confidences[i]; });
  const auto begin = [&rows](std::size_t bin) {
    return rows.begin() + static_cast<std::ptrdiff_t>(bin * rows.size() / kBins);
  };
  std::vector<Rows> bins;
  for (std::size_t bin = 0; bin < kBins; ++bin) bins.emplace_back(begin(bin), begin(bin + 1));
  return bins;
}

}  // namespace

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
  const double wrong = 1.0 / (static_cast<double>(classes.size()) + 2.0);
  const double wrong_each = wrong / static_cast<double>(logits.columns);
  const auto loss = [&](double log_temperature) {
    const Array2d<double> probabilities = probabilities_of(logits, std::exp(log_temperature));
    const auto loss_of = [&probabilities](const std::vector<std::size_t>& assumed) {
      const std::vector<double> losses = log_losses(probabilities, assumed);
      return std::accumulate(losses.begin(), losses.end(), 0.0);
    };
    double sum = (1.0 - wrong) * loss_of(classes);
    for (std::size_t k = 0; k < logits.columns; ++k) {
      sum += wrong_each * loss_of(std::vector<std::size_t>(classes.size(), k));
    }
    return sum;
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

Certainty::Certainty(const Array2d<double>& probabilities, const std::vector<std::size_t>& classes,
                     const Rows& decisions) {
  for (std::size_t i = 0; i < classes.size(); ++i) {
    confidences.push_back(probabilities(i, decisions[i]));
    right.push_back(classes[i] == decisions[i] ? 1.0 : 0.0);
  }
}

double Certainty::calibration_error(Rows rows) const {
  const auto count = static_cast<double>(rows.size());
  double error = 0.0;
  for (const Rows& bin : equal_bins(confidences, std::move(rows))) {
    double difference = 0.0;
    for (const std::size_t row : bin) difference += confidences[row] - right[row];
    error += std::abs(difference);
  }
  return error / count;
}

std::vector<ReliabilityBin> reliability_of(const Certainty& certainty,
                                           const std::vector<std::size_t>& groups) {
  std::vector<ReliabilityBin> found;
  for (const Rows& bin : equal_bins(certainty.confidences, all_rows(groups.size()))) {
    if (bin.empty()) continue;
    double confidence = 0.0;
    std::vector<double> right;
    std::vector<std::size_t> groups_of_bin;
    for (const std::size_t row : bin) {
      confidence += certainty.confidences[row];
      right.push_back(certainty.right[row]);
      groups_of_bin.push_back(groups[row]);
    }
    const auto count = static_cast<double>(bin.size());
    found.push_back({confidence / count, std::reduce(right.begin(), right.end()) / count,
                     wilson_interval(right, groups_of_bin).value()});
  }
  return found;
}

}  // namespace relax_spectro
