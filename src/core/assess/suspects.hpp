#pragma once

#include <cstddef>
#include <vector>

#include "probe/class_report.hpp"

namespace relax_spectro {

/// A recording whose label may be wrong.
struct Suspect {
  std::size_t row = 0;
  std::size_t other = 0;           ///< the class that it may have instead
  double given_probability = 0.0;  ///< of its label
  double given_mean = 0.0;         ///< the mean of that over the recordings with this label
  double other_probability = 0.0;
};

/// Finds recordings whose label is less probable than for the mean recording with this label, where
/// another class is more probable than the label. The largest difference between both probabilities
/// comes first. The threshold is that of confident learning (Northcutt et al., JAIR 70, 2021). That
/// method also asks that the other class reach its own mean, which no recording does where a model is
/// nearly certain. The predictions should be of models that were not trained on these recordings.
[[nodiscard]] std::vector<Suspect> suspects_of(const Predictions& predictions);

}  // namespace relax_spectro
