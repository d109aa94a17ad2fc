#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "assess/assess_data.hpp"
#include "probe/class_report.hpp"

namespace relax_spectro {

/// A member, or an ensemble of all members.
struct System {
  std::string name;
  Predictions predictions;
  ClassReport report;
};

/// The mean of probabilities.
[[nodiscard]] Predictions mean_of(const std::vector<const Predictions*>& members);

/// The mean of the logarithms of probabilities, scaled to sum to 1. No probability counts as less
/// than 2.2e-16.
[[nodiscard]] Predictions geometric_mean_of(const std::vector<const Predictions*>& members);

/// The decision of most members; of equally many, the one with the highest mean probability. Its
/// probabilities are shares of votes, where the mean probability counts as one more vote.
[[nodiscard]] Predictions vote_of(const std::vector<const Predictions*>& members);

/// The members, and if there are several, their ensembles `mean`, `geometric mean` and `vote`.
[[nodiscard]] std::vector<System> systems_of(const std::vector<Member>& members,
                                             std::uint64_t seed);

}  // namespace relax_spectro
