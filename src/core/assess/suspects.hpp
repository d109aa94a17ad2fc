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
  double other_mean = 0.0;
};

/// Finds suspects as confident learning does (Northcutt et al., JAIR 70, 2021): the label is less
/// probable than for the mean recording with this label, and another class is at least as probable as
/// for the mean recording with that label. The other class is the most probable of these. The largest
/// difference between both probabilities comes first. The predictions should be of models that were
/// not trained on these recordings.
[[nodiscard]] std::vector<Suspect> suspects_of(const Predictions& predictions);

}  // namespace relax_spectro
