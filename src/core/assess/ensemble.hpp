#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "assess/systems.hpp"
#include "base/statistics.hpp"

namespace relax_spectro {

/// The measures in which systems are compared.
inline constexpr std::array kComparedMeasures{"accuracy", "macro_f1", "log_loss"};

/// By how much one system differs from another in a measure: its value minus the other's.
struct Difference {
  std::string measure;
  double value = 0.0;
  Interval interval;        ///< 95 %, paired bootstrap of groups
  std::optional<double> p;  ///< of no difference; nothing for macro F1, which is no mean over files
};

/// A system and how it differs from another.
struct Comparison {
  std::string system;
  std::string with;
  std::vector<Difference> differences;  ///< in each of kComparedMeasures
};

/// Why the log loss of the geometric mean is less than that of a member (Wood et al., JMLR 24, 2023):
/// it is `member_loss` less `divergence`, exactly.
struct Decomposition {
  double ensemble_loss = 0.0;
  double member_loss = 0.0;  ///< mean over members
  double divergence = 0.0;   ///< mean over members of the Kullback-Leibler divergence from the
                             ///< ensemble to the member
};

/// Two members.
struct MemberPair {
  std::size_t a = 0;
  std::size_t b = 0;
  double both_wrong = 0.0;      ///< share of files
  double if_independent = 0.0;  ///< the product of both shares of errors
  double kappa = 0.0;           ///< Cohen's kappa of being right
};

/// What an ensemble adds to its members.
struct EnsembleStudy {
  std::size_t best = 0;  ///< the member with the highest accuracy; of equals, the least log loss
  /// Members and ensembles with the best member; then the mean without each member with the mean of
  /// all, if there are three members or more. Their names are `without NAME`.
  std::vector<Comparison> comparisons;
  Decomposition decomposition;
  std::vector<MemberPair> pairs;
  std::vector<Rows> only_right;  ///< files that only this member decides right, for each member
};

/// Studies an ensemble.
///
/// p values are of sign flips of whole groups, for accuracy and log loss. They are family-wise over
/// the comparisons with one system. The best member was chosen on the same files. So an ensemble that
/// beats it would beat a member that was chosen before by a little more.
/// @param systems  as systems_of(members).
/// @pre there are two members and two groups
[[nodiscard]] EnsembleStudy study_ensemble(const std::vector<Member>& members,
                                           const std::vector<System>& systems, std::uint64_t seed);

}  // namespace relax_spectro
