#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "assess/assess_data.hpp"
#include "base/statistics.hpp"

namespace relax_spectro {

/// What a change of the recordings does to a member's decisions. All is over recordings and copies.
struct PerturbationEffect {
  std::string member;
  std::string perturbation;  ///< "gain:-6dB"
  std::size_t copies = 0;    ///< of each recording
  double changed = 0.0;      ///< share of decisions that the change turns
  Interval changed_interval;
  double accuracy = 0.0;  ///< of the changed copies
  double loss = 0.0;      ///< accuracy of the unchanged recordings, less that
  Interval loss_interval;
};

/// Compares decisions for changed copies with those for the recordings, for each member and each
/// perturbation. The share of changed decisions has wilson_interval, the paired loss of accuracy
/// group_bootstrap, both 95 %.
[[nodiscard]] std::vector<PerturbationEffect> perturbation_effects(
    const std::vector<Member>& members, std::uint64_t seed);

/// A line for each; empty without copies.
[[nodiscard]] std::string perturbations_text(const std::vector<PerturbationEffect>& effects);

/// A row for each, with a header (data/FORMAT.md).
[[nodiscard]] std::string perturbations_csv(const std::vector<PerturbationEffect>& effects);

}  // namespace relax_spectro
