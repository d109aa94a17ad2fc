#include "assess/suspects.hpp"

#include <algorithm>
#include <functional>

namespace relax_spectro {
namespace {

/// The mean probability of each class over its own recordings.
std::vector<double> own_means(const Predictions& predictions) {
  std::vector<double> means(predictions.labels.size(), 0.0);
  std::vector<double> counts(means.size(), 0.0);
  for (std::size_t i = 0; i < predictions.truth.size(); ++i) {
    const std::size_t k = predictions.truth[i];
    means[k] += predictions.probabilities(i, k);
    counts[k] += 1.0;
  }
  for (std::size_t k = 0; k < means.size(); ++k) means[k] /= std::max(1.0, counts[k]);
  return means;
}

}  // namespace

std::vector<Suspect> suspects_of(const Predictions& predictions) {
  const std::vector<double> means = own_means(predictions);
  const Rows decisions = decisions_of(predictions.probabilities);
  std::vector<Suspect> found;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    const std::size_t given = predictions.truth[i];
    const auto row = predictions.probabilities.row(i);
    if (decisions[i] == given || row[given] >= means[given]) continue;
    found.push_back({i, decisions[i], row[given], means[given], row[decisions[i]]});
  }
  std::ranges::stable_sort(found, std::greater<>{}, [](const Suspect& suspect) {
    return suspect.other_probability - suspect.given_probability;
  });
  return found;
}

}  // namespace relax_spectro
