#pragma once

#include <string>
#include <vector>

#include "assess/ensemble.hpp"

namespace relax_spectro {

/// What an ensemble adds, for people: each system with its difference from the best member, and why
/// the log loss falls.
[[nodiscard]] std::string ensemble_text(const EnsembleStudy& study,
                                        const std::vector<System>& systems);

/// The rows of members.csv (data/FORMAT.md), with its header: three measures of each system.
/// @param study  null if there is one member.
[[nodiscard]] std::string members_csv(const EnsembleStudy* study,
                                      const std::vector<System>& systems);

}  // namespace relax_spectro
