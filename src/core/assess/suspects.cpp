#include "assess/suspects.hpp"

#include <algorithm>
#include <functional>

namespace relax_spectro {
namespace {

/// The mean probability of each class over its own recordings. More than 1 for a class without any.
std::vector<double> own_means(const Predictions& predictions) {
  std::vector<double> means(predictions.labels.size(), 0.0);
  std::vector<double> counts(means.size(), 0.0);
  for (std::size_t i = 0; i < predictions.truth.size(); ++i) {
    const std::size_t k = predictions.truth[i];
    means[k] += predictions.probabilities(i, k);
    counts[k] += 1.0;
  }
  for (std::size_t k = 0; k < means.size(); ++k) {
    means[k] = counts[k] > 0.0 ? means[k] / counts[k] : 2.0;
  }
  return means;
}

}  // namespace

std::vector<Suspect> suspects_of(const Predictions& predictions) {
  const std::vector<double> means = own_means(predictions);
  std::vector<Suspect> found;
  for (std::size_t i = 0; i < predictions.truth.size(); ++i) {
    const std::size_t given = predictions.truth[i];
    const auto row = predictions.probabilities.row(i);
    if (row[given] >= means[given]) continue;
    Suspect suspect{i, given, row[given], means[given], 0.0, 0.0};
    for (std::size_t k = 0; k < row.size(); ++k) {
      if (k == given || row[k] < means[k] || row[k] <= suspect.other_probability) continue;
      suspect.other = k;
      suspect.other_probability = row[k];
      suspect.other_mean = means[k];
    }
    if (suspect.other != given) found.push_back(suspect);
  }
  std::ranges::stable_sort(found, std::greater<>{}, [](const Suspect& suspect) {
    return suspect.other_probability - suspect.given_probability;
  });
  return found;
}

}  // namespace relax_spectro
