#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/statistics.hpp"
#include "probe/logistic_fit.hpp"

namespace relax_spectro {

/// A part of the rows that is predicted by a fit on others.
struct Fold {
  std::string name;
  Rows train;
  Rows test;
};

/// Folds whose shares of classes are as equal as whole groups allow. The algorithm is that of
/// scikit-learn's StratifiedGroupKFold: groups are shuffled, and those with the most uneven classes
/// are placed first. Each goes where the classes' shares then differ least between folds.
/// @throws ConfigError  there are fewer groups than folds, or fewer than two folds.
[[nodiscard]] std::vector<Fold> stratified_group_folds(const LabelledRows& rows, std::size_t folds,
                                                       std::uint64_t seed);

/// One fold for each name, sorted. Each is tested on its rows, and trained on all others.
/// @param names  the fold of each row.
/// @throws ConfigError  there are fewer than two names.
[[nodiscard]] std::vector<Fold> named_folds(const std::vector<std::string>& names);

/// The groups that folds both train and test on, sorted. Test results of such folds are too good.
[[nodiscard]] std::vector<std::size_t> leaking_groups(const std::vector<Fold>& folds,
                                                      const std::vector<std::size_t>& groups);

}  // namespace relax_spectro
